/** Small things in generated source: what is said twice, and how. */

import assert from "node:assert/strict";
import { before, test } from "node:test";
import { generateModels } from "../../src/codegen/generate.js";
import { readCatalog } from "../../src/kinds/read.js";
import { settingsCode } from "../../src/kinds/source.js";
import { createRoles } from "../support/corpus.js";
import { createDatabase } from "../support/database.js";
import { withConnection } from "../support/transition.js";

before(() => createRoles(["source_keeper", "source_other"]));

test("settings are bare where that says the same", () => {
  const settings = { a: "true", b: "false", c: "70", d: "-0.5", e: "070", f: "", g: "Infinity", h: "1e3" };
  assert.equal(
    settingsCode(settings),
    '{ a: true, b: false, c: 70, d: -0.5, e: "070", f: "", g: "Infinity", h: "1e3" }',
  );
});

test("a partition says its owner only where it is not its table's", async () => {
  await using database = await createDatabase({
    script: `CREATE TABLE logs (id int) PARTITION BY RANGE (id); CREATE TABLE logs_1 PARTITION OF logs FOR VALUES FROM (0) TO (9);
      CREATE TABLE logs_2 PARTITION OF logs FOR VALUES FROM (9) TO (19);
      ALTER TABLE logs OWNER TO source_keeper; ALTER TABLE logs_1 OWNER TO source_keeper; ALTER TABLE logs_2 OWNER TO source_other`,
  });
  const catalog = await withConnection(database.url, (connection) =>
    readCatalog(connection, { schemas: ["public"], also: ["owners"] }),
  );
  const source = generateModels(catalog).files.get("log.ts") ?? "";
  assert.equal(source.match(/owner: "source_keeper"/g)?.length, 1, source);
  assert.match(source, /partition\("logs_2", \{ from: 9, to: 19 \}, \{ owner: "source_other" \}\)/);
});
