import { declarativeBase, integer, many, text } from "athanor";
import { Base } from "./base.js";
import { Post } from "./post.js";

export class Tag extends Base.model(
  { label: text().unique() },
  {
    get posts() {
      return many(Post, { backPopulates: "tags", secondary: "post_tags" });
    },
  },
) {}

/** Which post has which tag: only the two of them, so not of the common base. */
export class PostTag extends declarativeBase().model(
  {
    postId: integer()
      .primaryKey()
      .references(() => Post.id, { onDelete: "cascade" }),
    tagId: integer()
      .primaryKey()
      .references(() => Tag.id, { onDelete: "cascade" }),
  },
  {},
  { tablename: "post_tags" },
) {}
