import { boolean, check, index, integer, many, one, sql, text } from "athanor";
import { Base } from "./base.js";
import { Tag } from "./tag.js";
import { User } from "./user.js";

export class Post extends Base.model(
  {
    authorId: integer().references(() => User.id, { onDelete: "cascade" }),
    title: text(),
    body: text().serverDefault(sql`''`),
    published: boolean().serverDefault(sql`false`),
  },
  {
    get author() {
      return one(User, { backPopulates: "posts" });
    },
    get tags() {
      return many(Tag, { backPopulates: "posts", secondary: "post_tags" });
    },
  },
  {
    constraints: (c) => [index(c.authorId, c.createdAt), check("posts_title_given", sql`length(${c.title}) > 0`)],
  },
) {}
