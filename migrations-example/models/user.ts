import { boolean, many, pgEnum, sql, text } from "athanor";
import { Base } from "./base.js";
import { Post } from "./post.js";

export const role = pgEnum("role", ["reader", "author", "admin"]);

export class User extends Base.model(
  {
    email: text().unique(),
    name: text(),
    role: role().serverDefault(sql`'reader'`),
    active: boolean().serverDefault(sql`true`),
  },
  {
    get posts() {
      return many(Post, { backPopulates: "author" });
    },
  },
) {}
