import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { corpusPairs, corpusSchemas, createRoles, loadSchema } from "./corpus.js";
import { createDatabase } from "./database.js";
import { skipWithoutShared } from "./oracle.js";
import { withClient } from "./query.js";
import { serverMajor } from "./servers.js";

const major = await serverMajor();
const schemas = corpusSchemas(major);
const pairs = corpusPairs(major);

test("the corpus is there", (t) => {
  if (skipWithoutShared(t)) return;
  if (major < 15) return t.skip("the corpus starts at PostgreSQL 15");
  assert.ok(schemas.length >= 9);
  assert.ok(pairs.length >= 100);
});

describe("each schema loads", () => {
  for (const schema of schemas) {
    test(schema.name, async () => {
      await using database = await loadSchema(schema);
      const [row] = await database.query<{ tables: number }>(
        `SELECT count(*)::int AS tables FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema')`,
      );
      assert.ok(row!.tables >= 5, `${row!.tables} tables`);
    });
  }
});

// All in one database: each script in a transaction that is rolled back.
test("each pair's two sides load", { skip: pairs.length === 0 && "no pair is there for this server" }, async () => {
  await createRoles(pairs.flatMap((pair) => pair.roles ?? []));
  await using database = await createDatabase();
  const failures: string[] = [];
  await withClient(database.url, async (client) => {
    for (const pair of pairs) {
      for (const side of ["old", "new"] as const) {
        await client.query("BEGIN");
        await client.query(pair[side]).catch((error: Error) => {
          failures.push(`${pair.suite} ${pair.name}, ${side}: ${error.message}`);
        });
        await client.query("ROLLBACK");
      }
    }
  });
  assert.deepEqual(failures, []);
});
