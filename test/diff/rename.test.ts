import assert from "node:assert/strict";
import { test } from "node:test";
import { UnansweredError } from "../../src/migrate/decide.js";
import { acceptance } from "../support/acceptance.js";
import { createDatabase } from "../support/database.js";
import { checkTransition } from "../support/transition.js";

acceptance("renames", [
  {
    name: "a column, with all that hangs on it",
    before: "CREATE TABLE users (id int PRIMARY KEY, nick text UNIQUE CHECK (nick <> ''))",
    after: `CREATE TABLE users (id int PRIMARY KEY, nickname text CONSTRAINT users_nick_key UNIQUE, CONSTRAINT users_nick_check CHECK (nickname <> ''))`,
    answers: { "users.nick": "nickname" },
    up: ['ALTER TABLE "public"."users" RENAME COLUMN "nick" TO "nickname"'],
    down: ['ALTER TABLE "public"."users" RENAME COLUMN "nickname" TO "nick"'],
  },
  {
    name: "a table and its column at once; constraints follow by themselves",
    before: "CREATE TABLE people (id int PRIMARY KEY, nick text UNIQUE)",
    after: "CREATE TABLE users (id int PRIMARY KEY, nickname text UNIQUE)",
    answers: { people: "users", "users.nick": "nickname" },
    up: [
      'ALTER TABLE "public"."people" RENAME TO "users"',
      'ALTER TABLE "public"."users" RENAME COLUMN "nick" TO "nickname"',
      'ALTER TABLE "public"."users" RENAME CONSTRAINT "people_pkey" TO "users_pkey"',
      'ALTER TABLE "public"."users" RENAME CONSTRAINT "people_nick_key" TO "users_nickname_key"',
    ],
  },
  {
    name: "constraints and indexes alone: nobody is asked",
    before: "CREATE TABLE t (a int, b int, CONSTRAINT x UNIQUE (a)); CREATE INDEX y ON t (b)",
    after: "CREATE TABLE t (a int, b int, CONSTRAINT x2 UNIQUE (a)); CREATE INDEX y2 ON t (b)",
    answers: {},
    up: ['ALTER TABLE "public"."t" RENAME CONSTRAINT "x" TO "x2"', 'ALTER INDEX "public"."y" RENAME TO "y2"'],
  },
  {
    name: "a schema with all that is in it",
    before:
      "CREATE SCHEMA old; CREATE TYPE old.e AS ENUM ('a'); CREATE TABLE old.t (id int PRIMARY KEY, e old.e DEFAULT 'a')",
    after:
      "CREATE SCHEMA new; CREATE TYPE new.e AS ENUM ('a'); CREATE TABLE new.t (id int PRIMARY KEY, e new.e DEFAULT 'a')",
    answers: { old: "new" },
    up: ['ALTER SCHEMA "old" RENAME TO "new"'],
  },
  {
    name: "an enum and one of its labels",
    before: "CREATE TYPE status AS ENUM ('open', 'stale'); CREATE TABLE t (s status DEFAULT 'stale')",
    after: "CREATE TYPE state AS ENUM ('open', 'old'); CREATE TABLE t (s state DEFAULT 'old')",
    answers: { status: "state", "state.stale": "old" },
    up: ['ALTER TYPE "public"."status" RENAME TO "state"', `ALTER TYPE "public"."state" RENAME VALUE 'stale' TO 'old'`],
    down: [
      `ALTER TYPE "public"."state" RENAME VALUE 'old' TO 'stale'`,
      'ALTER TYPE "public"."state" RENAME TO "status"',
    ],
  },
  {
    name: "hostile names",
    before: `CREATE TABLE t ("a b" text)`,
    after: `CREATE TABLE t ("""; drop table t; --" text)`,
    answers: { 't."a b"': `"; drop table t; --` },
    up: [`ALTER TABLE "public"."t" RENAME COLUMN "a b" TO """; drop table t; --"`],
  },
]);

test("where nobody answers, the questions are listed with their candidates", async () => {
  await using live = await createDatabase({ script: "CREATE TABLE t (nick text, a int)" });
  await using goal = await createDatabase({ script: "CREATE TABLE t (nickname text, nock text, a int)" });
  await using scratch = await createDatabase();
  const urls = { live: live.url, goal: goal.url, scratch: scratch.url };
  await assert.rejects(checkTransition(urls, { decider: { given: new Map() } }), (error: unknown) => {
    assert.ok(error instanceof UnansweredError);
    assert.deepEqual(error.questions, [
      {
        about: "rename",
        id: "column t.nick",
        kind: "column",
        from: "t.nick",
        candidates: ["t.nickname", "t.nock"],
        text: "Was the column t.nick renamed to t.nickname or t.nock?",
      },
    ]);
    return true;
  });
});
