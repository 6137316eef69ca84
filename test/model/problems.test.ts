/** Each contradiction's sentence. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  collectDeclarations,
  declarativeBase,
  foreignKey,
  index,
  integer,
  ModelError,
  many,
  maybeOne,
  one,
  pgEnum,
  primaryKey,
  schema,
  serial,
  sql,
  text,
  unique,
  uuid,
} from "../../src/model/index.js";
import { makeBase, problemsOf } from "./helpers.js";

const Base = makeBase();
class User extends Base.model({ name: text() }) {}

interface Case {
  readonly what: string;
  readonly code: string;
  readonly says: RegExp;
  readonly models: () => readonly unknown[];
}

const cases: readonly Case[] = [
  {
    what: "two models on one table",
    code: "model.table_duplicate",
    says: /Person and Human are both the table public.people;/,
    models: () => {
      class Person extends Base.model({}, {}, { tablename: "people" }) {}
      class Human extends Base.model({}, {}, { tablename: "people" }) {}
      return [Person, Human];
    },
  },
  {
    what: "a reference to no table",
    code: "model.reference_table",
    says: /^Post\.userId references "user\.id", and no loaded model has such a table/,
    models: () => {
      class Post extends Base.model({ userId: integer().references("user.id") }) {}
      return [User, Post];
    },
  },
  {
    what: "a reference to no column",
    code: "model.reference_column",
    says: /^Post\.userId references the column "uid" of User \(users\), which does not exist; it has name, id\./,
    models: () => {
      class Post extends Base.model({ userId: integer().references("users.uid") }) {}
      return [User, Post];
    },
  },
  {
    what: "a reference of another type",
    code: "model.reference_type",
    says: /^Post\.userId is uuid and references User\.id, which is integer/,
    models: () => {
      class Post extends Base.model({ userId: uuid().references(() => User.id) }) {}
      return [User, Post];
    },
  },
  {
    what: "a reference to what is not unique",
    code: "model.reference_key",
    says: /^Post\.userName references User\.name, which is not unique/,
    models: () => {
      class Post extends Base.model({ userName: text().references(() => User.c.name) }) {}
      return [User, Post];
    },
  },
  {
    what: "a reference with too few columns",
    code: "model.reference_arity",
    says: /A foreign key of Post has 2 columns and references 1 of User \(id\)/,
    models: () => {
      class Post extends Base.model(
        { a: integer(), b: integer() },
        {},
        { constraints: (c) => [foreignKey(c.a, c.b).references(() => User)] },
      ) {}
      return [User, Post];
    },
  },
  {
    what: "two columns of one name",
    code: "model.column_duplicate",
    says: /Post\.aB and Post\.a_b are both the column "a_b"/,
    models: () => {
      class Post extends Base.model({ aB: integer(), a_b: integer() }) {}
      return [Post];
    },
  },
  {
    what: "identity with a server default",
    code: "model.column_contradiction",
    says: /^Post\.n is an identity column and has a server default/,
    models: () => {
      class Post extends Base.model({ n: integer().identity().serverDefault(sql`1`) }) {}
      return [Post];
    },
  },
  {
    what: "an identity of text",
    code: "model.column_contradiction",
    says: /^Post\.n is an identity column of type text/,
    models: () => {
      class Post extends Base.model({ n: text().identity() }) {}
      return [Post];
    },
  },
  {
    what: "generated with a default",
    code: "model.column_contradiction",
    says: /^Post\.n is generated from other columns and has a default/,
    models: () => {
      class Post extends Base.model({ n: integer().generated(sql`1`).default(2) }) {}
      return [Post];
    },
  },
  {
    what: "generated from no column",
    code: "model.sql",
    says: /^Post\.n: Post has no column typo/,
    models: () => {
      class Post extends Base.model({ n: integer().generated((c) => sql`${c.typo}`) }) {}
      return [Post];
    },
  },
  {
    what: "serial that is nullable",
    code: "model.column_contradiction",
    says: /^Post\.n is serial and nullable/,
    models: () => {
      class Post extends Base.model({ n: serial().nullable() }) {}
      return [Post];
    },
  },
  {
    what: "a nullable primary key",
    code: "model.primary_key_nullable",
    says: /^Post\.n is in the primary key and nullable/,
    models: () => {
      class Post extends declarativeBase().model({ n: integer().primaryKey().nullable() }) {}
      return [Post];
    },
  },
  {
    what: "two primary keys",
    code: "model.primary_key_twice",
    says: /^Post has two primary keys \(id; n\)/,
    models: () => {
      class Post extends Base.model({ n: integer() }, {}, { constraints: (c) => [primaryKey(c.n)] }) {}
      return [Post];
    },
  },
  {
    what: "two indexes that CLUSTER is to follow",
    code: "model.clustered_twice",
    says: /^Post has \.clustered\(\) 2 times \(unique, index\); CLUSTER orders the table "posts" by one/,
    models: () => {
      class Post extends Base.model(
        { n: integer() },
        {},
        { constraints: (c) => [unique(c.n).clustered(), index(c.n).clustered()] },
      ) {}
      return [Post];
    },
  },
  {
    what: "a label twice",
    code: "model.enum_labels",
    says: /^pgEnum\("e"\) has the label "a" twice/,
    models: () => [pgEnum("e", ["a", "a"])],
  },
  {
    what: "a long label",
    code: "model.enum_labels",
    says: /of 64 bytes/,
    models: () => [pgEnum("e", ["é".repeat(32)])],
  },
  {
    what: "a long column name",
    code: "model.name_too_long",
    says: /^Post\.x has the name "é+" of 64 bytes, and PostgreSQL keeps 63/,
    models: () => {
      class Post extends Base.model({ x: text().named("é".repeat(32)) }) {}
      return [Post];
    },
  },
  {
    what: "one name for two objects",
    code: "model.name_taken",
    says: /^pgEnum\("users"\) and User both are public\.users/,
    models: () => [User, pgEnum("users", ["a"])],
  },
  {
    what: "one name for two indexes",
    code: "model.name_taken",
    says: /both are public\.x/,
    models: () => {
      class Post extends Base.model(
        { a: text() },
        {},
        { constraints: (c) => [index(c.a).named("x"), index(c.a).named("x")] },
      ) {}
      return [Post];
    },
  },
  {
    what: "a schema twice",
    code: "model.name_taken",
    says: /schema\("a"\) is declared twice/,
    models: () => [schema("a"), schema("a")],
  },
  {
    what: "a constraint on another's column",
    code: "model.constraint_column",
    says: /A unique of Post names users\.id, which is a column of another table/,
    models: () => {
      class Post extends Base.model({}, {}, { constraints: () => [unique(User.id)] }) {}
      return [Post, User];
    },
  },
  {
    what: "a relationship without a foreign key",
    code: "model.relation_no_foreign_key",
    says: /^Post\.user finds no foreign key from Post to User/,
    models: () => {
      class Post extends Base.model(
        {},
        {
          get user() {
            return one(User);
          },
        },
      ) {}
      return [Post, User];
    },
  },
  {
    what: "a relationship with two foreign keys",
    code: "model.relation_ambiguous",
    says: /^Post\.user could follow several foreign keys \(Post\.authorId, Post\.editorId\); name one: foreignKey: \(\) => Post\.authorId/,
    models: () => {
      class Post extends Base.model(
        { authorId: integer().references("users.id"), editorId: integer().references("users.id") },
        {
          get user() {
            return one(User);
          },
        },
      ) {}
      return [Post, User];
    },
  },
  {
    what: "foreign keys both ways",
    code: "model.relation_ambiguous",
    says: /^A\.b could follow several foreign keys \(A\.bId, B\.aId\)/,
    models: () => {
      class A extends Base.model(
        { bId: integer().references("bs.id") },
        {
          get b() {
            return one(B);
          },
        },
      ) {}
      class B extends Base.model({ aId: integer().references("as.id") }) {}
      return [A, B];
    },
  },
  {
    what: "backPopulates that names nothing",
    code: "model.relation_back",
    says: /^Post\.user has backPopulates "posts", and User has no such relationship/,
    models: () => {
      class Post extends Base.model(
        { userId: integer().references("users.id") },
        {
          get user() {
            return one(User, { backPopulates: "posts" });
          },
        },
      ) {}
      return [Post, User];
    },
  },
  {
    what: "backPopulates that is not named back",
    code: "model.relation_back",
    says: /^B\.a has backPopulates "bs", and A\.bs does not name it back; give it backPopulates: "a"/,
    models: () => {
      class A extends Base.model(
        {},
        {
          get bs() {
            return many(B);
          },
        },
      ) {}
      class B extends Base.model(
        { aId: integer().references("as.id") },
        {
          get a() {
            return one(A, { backPopulates: "bs" });
          },
        },
      ) {}
      return [A, B];
    },
  },
  {
    what: "an unknown cascade",
    code: "model.relation_cascade",
    says: /^Post\.user has the cascade "al", which is unknown/,
    models: () => {
      class Post extends Base.model(
        { userId: integer().references("users.id") },
        {
          get user() {
            return one(User, { cascade: "al" });
          },
        },
      ) {}
      return [Post, User];
    },
  },
  {
    what: "delete-orphan on the many side",
    code: "model.relation_cascade",
    says: /delete-orphan, and it is many-to-one/,
    models: () => {
      class Post extends Base.model(
        { userId: integer().references("users.id") },
        {
          get user() {
            return one(User, { cascade: "all, delete-orphan" });
          },
        },
      ) {}
      return [Post, User];
    },
  },
  {
    what: "a secondary that is no model",
    code: "model.relation_secondary",
    says: /^Post\.users has a secondary that is no model/,
    models: () => {
      class Post extends Base.model(
        {},
        {
          get users() {
            return many(User, { secondary: () => 1 });
          },
        },
      ) {}
      return [Post];
    },
  },
  {
    what: "a model joined with itself by a name",
    code: "model.relation_secondary",
    says: /^Post\.others joins Post with itself/,
    models: () => {
      class Post extends Base.model(
        {},
        {
          get others() {
            return many(Post, { secondary: "x" });
          },
        },
      ) {}
      return [Post];
    },
  },
  {
    what: "a property twice",
    code: "model.property_twice",
    says: /^Post\.user is a column and a relationship/,
    models: () => {
      class Post extends Base.model(
        { user: integer() },
        {
          get user() {
            return maybeOne(User);
          },
        },
      ) {}
      return [Post];
    },
  },
  {
    what: "a model of a model",
    code: "model.subclass",
    says: /^Admin extends Person, which is a model already/,
    models: () => {
      class Person extends Base.model({}) {}
      class Admin extends Person {}
      return [Person, Admin];
    },
  },
  {
    what: "a hole in SQL",
    code: "model.sql",
    says: /^Post\.x: its SQL has a hole with undefined/,
    models: () => {
      class Post extends Base.model({ x: text().serverDefault(sql`${undefined}`) }) {}
      return [Post];
    },
  },
];

for (const { what, code, says, models } of cases) {
  test(`refused: ${what}`, () => {
    const problems = problemsOf(...models());
    assert.deepEqual(
      problems.map((problem) => problem.code),
      [code],
      JSON.stringify(problems),
    );
    assert.match(problems[0]!.message, says);
  });
}

test("all problems of a load are told together", () => {
  class Post extends Base.model({
    a: integer().references("none.id"),
    b: integer().identity().serverDefault(sql`1`),
  }) {}
  assert.throws(
    () => collectDeclarations([Post, pgEnum("e", ["a", "a"])]),
    (error) =>
      error instanceof ModelError &&
      error.code === "model.invalid" &&
      error.problems.length === 3 &&
      /3 problems/.test(error.message),
  );
});

test("a table without a primary key is allowed", () => {
  class Log extends declarativeBase().model({ line: text() }) {}
  assert.deepEqual(problemsOf(Log), []);
});
