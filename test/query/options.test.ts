import assert from "node:assert/strict";
import { test } from "node:test";
import {
  containsEager,
  defer,
  joinedload,
  lazyload,
  loadOnly,
  raiseload,
  select,
  selectinload,
  withCriteria,
} from "../../src/index.js";
import { modelName } from "../../src/model/definition.js";
import type { LoaderNode } from "../../src/query/loader.js";
import { Post, User } from "./helpers.js";

/** Nodes as a few words: what they load, how, and what follows. */
function words(nodes: readonly LoaderNode[]): readonly unknown[] {
  return nodes.map((node) => {
    if (node.kind === "columns")
      return [node.only ? "only" : "defer", ...node.columns.map(({ origin }) => origin.property)];
    if (node.kind === "polymorphic") return [node.load, ...node.models.map(modelName)];
    if (node.kind === "criteria") return ["criteria", node.entity.from.qualifier[0]];
    const name = node.relationship?.origin.property ?? "*";
    return [node.strategy, name, ...(node.innerJoin ? ["inner"] : []), ...words(node.children)];
  });
}

test("a way of several steps, and several options at a step", () => {
  const query = select(User).options(
    selectinload(User.posts).joinedload(Post.tags).defer(),
    joinedload(User.posts, { innerJoin: true }).options(lazyload(Post.tags), raiseload("*"), loadOnly(Post.title)),
    containsEager(User.manager).loadOnly(User.username),
    defer(User.contacts),
  );
  assert.deepEqual(words(query.loaders), [
    ["selectin", "posts", ["joined", "tags", ["defer"]]],
    ["joined", "posts", "inner", ["select", "tags"], ["raise", "*"], ["only", "title"]],
    ["contains-eager", "manager", ["only", "username"]],
    ["defer", "contacts"],
  ]);
});

test("options add up, and are no part of the SQL", () => {
  const query = select(User).options(raiseload(User.posts)).options(raiseload("*"));
  assert.deepEqual(words(query.loaders), [
    ["raise", "posts"],
    ["raise", "*"],
  ]);
  assert.equal(String(query), String(select(User)));
});

test("a condition for a model goes by the columns that it is given", () => {
  const [node] = select(User).options(withCriteria(Post, (post) => post.published.eq(true))).loaders;
  assert.ok(node?.kind === "criteria");
  assert.equal(node.entity.from.qualifier[0], "posts");
  assert.equal(
    String(select(User.id).where(node.condition(node.entity.columns))).endsWith('WHERE "posts"."published" = $1'),
    true,
  );
});
