/** What is fetched from schemas that are not managed: their objects, and what ties to them. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { readExternals } from "../../src/scratch/externals.js";
import { createDatabase } from "../support/database.js";
import { withConnection } from "../support/transition.js";

test("of what lies in no schema, only what the other schemas' objects need or are made into", async () => {
  await using database = await createDatabase({
    script: `CREATE SCHEMA other; CREATE TYPE other.mood AS ENUM ('ok'); CREATE CAST (other.mood AS int) WITH INOUT; CREATE CAST (oid AS date) WITHOUT FUNCTION;
      CREATE EXTENSION hstore SCHEMA other; CREATE PUBLICATION everything FOR ALL TABLES; CREATE FOREIGN DATA WRAPPER w; CREATE TABLE public.t (id int)`,
  });
  const loadables = await withConnection(database.url, (connection) => readExternals(connection, ["public"]));
  assert.deepEqual(
    loadables.map(({ sql }) => sql),
    [
      'CREATE SCHEMA "other"',
      'CREATE EXTENSION "hstore" SCHEMA "other"',
      `CREATE TYPE "other"."mood" AS ENUM ('ok')`,
      "CREATE CAST (other.mood AS integer) WITH INOUT",
    ],
  );
});
