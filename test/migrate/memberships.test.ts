/** What a membership may say depends on the server's version. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { refuseNewerOptions } from "../../src/migrate/on-server.js";
import { collectDeclarations, type RoleOptions, role } from "../../src/model/index.js";
import { type CliProject, createProject } from "../support/cli.js";
import { createDatabase } from "../support/database.js";
import { serverMajor } from "../support/servers.js";

const declared = (options: RoleOptions) => collectDeclarations([role("app", options)]);

test("options of memberships need PostgreSQL 16", () => {
  const refused = (options: RoleOptions, says: RegExp) => {
    assert.throws(() => refuseNewerOptions(declared(options), 150010), { code: "model.role", message: says });
    refuseNewerOptions(declared(options), 160000);
  };
  refused(
    { memberOf: [{ role: "reader", inherit: false }] },
    /^role\("app"\) is a member of reader with inherit: false, which PostgreSQL has from 16 on; the database is of version 15\./,
  );
  refused({ inherit: false, memberOf: [{ role: "reader", inherit: true }] }, /with inherit: true/);
  refused({ memberOf: ["reader", { role: "writer", set: false }] }, /member of writer with set: false/);
  refuseNewerOptions(declared({ inherit: false, memberOf: [{ role: "reader", inherit: false, admin: true }] }), 140000);
});

test("and a server that lacks them is told of before anything runs", async (t) => {
  const major = await serverMajor();
  if (major >= 16) return t.skip(`PostgreSQL ${major} has them`);
  await using database = await createDatabase();
  await using project: CliProject = await createProject({
    "orm.config.json": JSON.stringify({ url: database.url }),
    "models/all.js": `import { role } from "athanor"; export const app = role("memberships_app", { memberOf: [{ role: "pg_monitor", set: false }] });`,
  });
  for (const verb of [["migrate", "generate"], ["diff"], ["sync", "--yes"]]) {
    const { code, stderr } = await project.orm(verb);
    assert.equal(code, 2, stderr);
    assert.match(stderr, /set: false, which PostgreSQL has from 16 on/);
  }
});
