import {
  array,
  boolean,
  bytea,
  check,
  declarativeBase,
  index,
  integer,
  json,
  many,
  maybeOne,
  one,
  pgEnum,
  sql,
  text,
  timestamp,
  unique,
} from "athanor";

export const Base = declarativeBase({
  columns: {
    id: integer().primaryKey().identity(),
    createdAt: timestamp().serverDefault(sql`now()`),
    updatedAt: timestamp().serverDefault(sql`now()`).onUpdate(sql`now()`),
  },
  tablename: (className) => `${className.toLowerCase()}s`,
});

/** A column described once and used in many models. */
const uniqueText = () => text().unique();
export const gender = pgEnum("gender", ["MALE", "FEMALE"]);
export const profession = pgEnum("profession", ["DEVELOPER", "DESIGNER", "MANAGER", "UNEMPLOYED"]);

export class User extends Base.model(
  {
    username: uniqueText(),
    email: uniqueText(),
    password: bytea(),
    managerId: integer().nullable().references("users.id"),
  },
  {
    get profile() {
      return maybeOne(Profile, { backPopulates: "user", lazy: "joined" });
    },
    get posts() {
      return many(Post, { backPopulates: "user", cascade: "all, delete-orphan" });
    },
    get manager() {
      return maybeOne(User);
    },
  },
) {
  get label() {
    return `${this.username} <${this.email}>`;
  }
  firstTitle() {
    return this.posts[0]?.title.toUpperCase() ?? this.profile?.firstName;
  }
}

export class Profile extends Base.model(
  {
    userId: integer().unique().references("users.id", { onDelete: "cascade" }),
    firstName: text(),
    lastName: text().nullable(),
    gender: gender(),
    profession: profession().default("DEVELOPER").serverDefault(sql`'UNEMPLOYED'`),
    interests: array(text()).nullable(),
    contacts: json<Record<string, string>>().nullable(),
  },
  {
    get user() {
      return one(User, { backPopulates: "profile" });
    },
  },
) {}

export class Post extends Base.model(
  {
    title: text(),
    published: boolean().default(false),
    userId: integer().references("users.id"),
  },
  {
    get user() {
      return one(User, { backPopulates: "posts" });
    },
    get tags() {
      return many(Tag, { backPopulates: "posts", secondary: "post_tags" });
    },
  },
  {
    constraints: (c) => [
      index(c.userId, c.createdAt),
      unique(c.userId, c.title),
      check("title_set", sql`length(${c.title}) > 0`),
    ],
  },
) {}

export class Tag extends Base.model(
  { name: text() },
  {
    get posts() {
      return many(Post, { backPopulates: "tags", secondary: () => PostTag });
    },
  },
) {}

export class PostTag extends Base.model(
  {
    postId: integer().references(() => Post.id),
    tagId: integer().references(() => Tag.id),
  },
  {},
  { tablename: "post_tags" },
) {}
