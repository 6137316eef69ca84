/** The models of the semantics' tests: those of shared/api/models.ts and what else the rows need. */

import {
  array,
  boolean,
  declarativeBase,
  integer,
  jsonb,
  many,
  maybeOne,
  one,
  sql,
  text,
  timestamptz,
} from "../../src/index.js";

export const Base = declarativeBase({
  columns: {
    id: integer().primaryKey().identity(),
    createdAt: timestamptz().serverDefault(sql`now()`),
    updatedAt: timestamptz().serverDefault(sql`now()`).onUpdate(sql`clock_timestamp()`),
  },
  tablename: (name) => `${name.toLowerCase()}s`,
});

export class User extends Base.model(
  { username: text().unique(), email: text().nullable(), managerId: integer().nullable().references("users.id") },
  {
    get profile() {
      return maybeOne(Profile, { backPopulates: "user" });
    },
    get posts() {
      return many(Post, { backPopulates: "user" });
    },
    get notes() {
      return many(Note, { backPopulates: "user", cascade: "all, delete-orphan" });
    },
    get manager() {
      return maybeOne(User, { backPopulates: "reports" });
    },
    get reports() {
      return many(User, { backPopulates: "manager" });
    },
  },
) {}

export class Profile extends Base.model(
  {
    userId: integer().nullable().unique().references("users.id"),
    firstName: text(),
    interests: array(text()).nullable(),
    contacts: jsonb<Record<string, unknown>>().nullable(),
  },
  {
    get user() {
      return maybeOne(User, { backPopulates: "profile" });
    },
  },
) {}

export class Post extends Base.model(
  { title: text(), published: boolean().default(false), userId: integer().nullable().references("users.id") },
  {
    get user() {
      return maybeOne(User, { backPopulates: "posts" });
    },
    get tags() {
      return many(Tag, { backPopulates: "posts", secondary: "post_tags" });
    },
  },
) {}

export class Note extends Base.model(
  { body: text(), userId: integer().references("users.id") },
  {
    get user() {
      return one(User, { backPopulates: "notes" });
    },
  },
) {}

export class Tag extends Base.model(
  { name: text() },
  {
    get posts() {
      return many(Post, { backPopulates: "tags", secondary: "post_tags" });
    },
  },
) {}

/** A row that counts its changes. */
export class Account extends Base.model(
  { owner: text(), balance: integer().default(0), revision: integer().nullable() },
  {},
  { version: "revision" },
) {}

export const models = [User, Profile, Post, Note, Tag, Account];
