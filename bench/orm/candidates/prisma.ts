/** Prisma with its driver adapter and its own client generated without a native engine; statements are prepared. */

import { PrismaPg } from "@prisma/adapter-pg";
import { PrismaClient } from "../.cache/prisma/client.js";
import type { Candidate } from "../candidate.js";
import { chunked } from "../chunks.js";
import { changed } from "../data.js";
import { versionOf } from "../version.js";

export const candidate: Candidate = {
  name: "Prisma",
  version: versionOf("@prisma/client"),
  async open(url) {
    const names = new Map<string, string>();
    const adapter = new PrismaPg(
      { connectionString: url, idleTimeoutMillis: 0 },
      {
        statementNameGenerator({ sql }) {
          const name = names.get(sql) ?? `prisma_${names.size}`;
          names.set(sql, name);
          return name;
        },
      },
    );
    const prisma = new PrismaClient({ adapter });
    const upTo = (last: number) => ({ where: { id: { lte: last } }, orderBy: { id: "asc" } }) as const;

    return {
      cases: {
        readOne: (id) => prisma.item.findUnique({ where: { id } }),
        readItems: (last) => prisma.item.findMany(upTo(last)),
        readAuthors: (last) =>
          prisma.author.findMany({ ...upTo(last), include: { posts: { orderBy: { id: "asc" } } } }),
        async readTaggedPosts(last) {
          const posts = await prisma.post.findMany({ ...upTo(last), include: { links: { select: { tag: true } } } });
          return posts.map(({ links, ...post }) => ({ ...post, tags: links.map(({ tag }) => tag) }));
        },
        insertOne: async (item) => (await prisma.item.create({ data: item })).id,
        async insertItems(items) {
          const chunks = chunked(items).map((data) => prisma.item.createManyAndReturn({ data, select: { id: true } }));
          return (await prisma.$transaction(chunks)).flatMap((stored) => stored.map(({ id }) => id));
        },
        async updateItems(last) {
          const items = await prisma.item.findMany(upTo(last));
          return () =>
            prisma.$transaction(
              items.map((item) =>
                prisma.item.update({ where: { id: item.id }, data: changed(item), select: { id: true } }),
              ),
            );
        },
        async deleteItems(last) {
          const items = await prisma.item.findMany(upTo(last));
          const keys = items.map(({ id }) => id);
          return () => prisma.item.deleteMany({ where: { id: { in: keys } } });
        },
      },
      close: () => prisma.$disconnect(),
    };
  },
};
