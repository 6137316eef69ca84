/** The models of the tests of loading, and what their tables hold. */

import { boolean, declarativeBase, integer, many, maybeOne, one, type RelationDef, text } from "../../src/index.js";
import type { ModelDatabase } from "../support/models.js";

const Base = declarativeBase({
  columns: { id: integer().primaryKey().identity() },
  tablename: (name) => `${name.toLowerCase()}s`,
});

export class User extends Base.model(
  { username: text(), photo: text().nullable().deferred(), managerId: integer().nullable().references("users.id") },
  {
    get profile() {
      return maybeOne(Profile, { backPopulates: "user", lazy: "joined" });
    },
    get posts() {
      return many(Post, { backPopulates: "user", lazy: "selectin", orderBy: () => Post.title.desc() });
    },
    get notes(): RelationDef<Note[]> {
      return many(Note, { lazy: "joined", orderBy: () => Note.id.desc() });
    },
    get manager(): RelationDef<User | null> {
      return maybeOne(User);
    },
  },
) {}

export class Profile extends Base.model(
  { city: text(), userId: integer().unique().references("users.id") },
  {
    get user(): RelationDef<User> {
      return one(User, { backPopulates: "profile" });
    },
  },
) {}

export class Post extends Base.model(
  { title: text(), published: boolean().default(true), userId: integer().references("users.id") },
  {
    get user(): RelationDef<User> {
      return one(User, { backPopulates: "posts" });
    },
    get tags() {
      return many(Tag, { secondary: "posttags", lazy: "selectin", orderBy: () => Tag.c.name });
    },
  },
) {}

export class Note extends Base.model({ body: text(), userId: integer().references("users.id") }) {}

export class Tag extends Base.model({ name: text() }) {}

export class PostTag extends Base.model({
  postId: integer().references("posts.id"),
  tagId: integer().references("tags.id"),
}) {}

export const models = [User, Profile, Post, Note, Tag, PostTag];

/** ada (London; two posts, two notes), bob (one of each; ada manages him), eve (bob manages her). */
export async function fill(database: ModelDatabase): Promise<void> {
  await using session = database.session();
  const [ada, bob, eve] = ["ada", "bob", "eve"].map((username) => new User({ username, photo: `${username}.png` }));
  session.addAll([ada!, bob!, eve!]);
  await session.flush();
  bob!.managerId = ada!.id;
  eve!.managerId = bob!.id;
  session.addAll([
    new Profile({ city: "London", userId: ada!.id }),
    new Post({ title: "one", userId: ada!.id }),
    new Post({ title: "two", userId: ada!.id }),
    new Post({ title: "three", userId: bob!.id }),
    new Note({ body: "first", userId: ada!.id }),
    new Note({ body: "second", userId: ada!.id }),
    new Note({ body: "third", userId: bob!.id }),
    new Tag({ name: "red" }),
    new Tag({ name: "blue" }),
  ]);
  await session.flush();
  session.addAll([new PostTag({ postId: 1, tagId: 1 }), new PostTag({ postId: 1, tagId: 2 })]);
  await session.commit();
  database.clear();
}
