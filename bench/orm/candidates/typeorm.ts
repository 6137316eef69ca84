/** TypeORM: repositories, and the bulk methods of its entity manager where it has one for the case. */

import { DataSource, EntitySchema, LessThanOrEqual } from "typeorm";
import type { Author, Candidate, Item, Post, Tag } from "../candidate.js";
import { inChunks } from "../chunks.js";
import { changed } from "../data.js";
import { versionOf } from "../version.js";

const key = { type: "int", primary: true, generated: "increment" } as const;

const ItemEntity = new EntitySchema<Item>({
  name: "Item",
  tableName: "items",
  columns: {
    id: key,
    name: { type: "text" },
    email: { type: "text" },
    quantity: { type: "int" },
    price: { type: "double precision" },
    active: { type: "boolean" },
    note: { type: "text", nullable: true },
    createdAt: { type: "timestamptz", name: "created_at", precision: 3 },
  },
});
const AuthorEntity = new EntitySchema<Author & { readonly posts: Post[] }>({
  name: "Author",
  tableName: "authors",
  columns: { id: key, name: { type: "text" } },
  relations: { posts: { type: "one-to-many", target: "Post", inverseSide: "author" } },
});
const PostEntity = new EntitySchema<Post & { readonly author: Author; readonly tags: Tag[] }>({
  name: "Post",
  tableName: "posts",
  columns: {
    id: key,
    authorId: { type: "int", name: "author_id" },
    title: { type: "text" },
    body: { type: "text" },
    likes: { type: "int" },
    published: { type: "boolean" },
  },
  relations: {
    author: { type: "many-to-one", target: "Author", inverseSide: "posts", joinColumn: { name: "author_id" } },
    tags: {
      type: "many-to-many",
      target: "Tag",
      joinTable: { name: "post_tags", joinColumn: { name: "post_id" }, inverseJoinColumn: { name: "tag_id" } },
    },
  },
});
const TagEntity = new EntitySchema<Tag>({
  name: "Tag",
  tableName: "tags",
  columns: { id: key, label: { type: "text" } },
});

export const candidate: Candidate = {
  name: "TypeORM",
  version: versionOf("typeorm"),
  async open(url) {
    const source = await new DataSource({
      type: "postgres",
      url,
      entities: [ItemEntity, AuthorEntity, PostEntity, TagEntity],
      extra: { idleTimeoutMillis: 0 },
    }).initialize();
    const items = source.getRepository(ItemEntity);
    const readItems = (last: number) => items.find({ where: { id: LessThanOrEqual(last) }, order: { id: "ASC" } });

    return {
      cases: {
        readItems,
        readOne: (id) => items.findOneBy({ id }),
        readAuthors: (last) =>
          source.getRepository(AuthorEntity).find({
            where: { id: LessThanOrEqual(last) },
            relations: { posts: true },
            order: { id: "ASC", posts: { id: "ASC" } },
          }),
        readTaggedPosts: (last) =>
          source.getRepository(PostEntity).find({
            where: { id: LessThanOrEqual(last) },
            relations: { tags: true },
            order: { id: "ASC" },
          }),
        async insertOne(item) {
          const entity = items.create(item);
          await items.insert(entity);
          return entity.id;
        },
        insertItems: (list) =>
          source.transaction((manager) =>
            inChunks(list, async (chunk) => {
              const entities = items.create(chunk);
              await manager.insert(ItemEntity, entities);
              return entities.map(({ id }) => id);
            }),
          ),
        async updateItems(last) {
          const loaded = await readItems(last);
          return () => {
            for (const item of loaded) Object.assign(item, changed(item));
            return items.save(loaded, { reload: false });
          };
        },
        async deleteItems(last) {
          const loaded = await readItems(last);
          const keys = loaded.map(({ id }) => id);
          return () => items.delete(keys);
        },
      },
      close: () => source.destroy(),
    };
  },
};
