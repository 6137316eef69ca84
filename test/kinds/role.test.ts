/**
 * Roles, on a server of this file's own, since they are the server's: what is there, what is wanted, the statements in
 * between, there and back.
 */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { type Catalog, catalogOf, objectId } from "../../src/catalog/catalog.js";
import { generateModels } from "../../src/codegen/generate.js";
import { compareCatalogs } from "../../src/diff/compare.js";
import { planChanges, type Step } from "../../src/diff/plan.js";
import { scopeOf, withinScope } from "../../src/diff/scope.js";
import { declaredCatalog } from "../../src/kinds/declare.js";
import { readCatalog } from "../../src/kinds/read.js";
import { serverPart } from "../../src/kinds/server-part.js";
import { collectDeclarations, ModelError, role } from "../../src/model/index.js";
import { withServer } from "../support/engines.js";
import { runScript } from "../support/query.js";
import { serverMajor } from "../support/servers.js";
import { withConnection } from "../support/transition.js";

interface RoleCase {
  readonly name: string;
  readonly before: string;
  readonly after: string;
  readonly up: readonly string[];
  readonly down: readonly string[];
  readonly since?: number;
  readonly until?: number;
}

/** The statement that makes a role where it is missing. */
const made = (name: string, ...statements: readonly string[]) => `DO $do$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = '${name}') THEN
${statements.map((each) => `    ${each};\n`).join("")}  END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
  NULL;
END
$do$`;
const here = (head: string, end: string) =>
  `DO $do$ BEGIN EXECUTE '${head}' || quote_ident(current_database()) || '${end}'; END $do$`;

const cases: readonly RoleCase[] = [
  {
    name: "made where it is missing, and left where it is on the way back",
    before: "",
    after: 'CREATE ROLE a; CREATE ROLE "odd ""name\'" LOGIN',
    up: [made("a", 'CREATE ROLE "a"'), made("odd \"name''", 'CREATE ROLE "odd ""name\'" LOGIN')],
    down: [],
  },
  {
    name: "every attribute, set and taken back",
    before: "CREATE ROLE a",
    after:
      "CREATE ROLE a LOGIN NOINHERIT CREATEDB CREATEROLE REPLICATION BYPASSRLS SUPERUSER CONNECTION LIMIT 5 VALID UNTIL '2030-01-01 12:00:00+01'",
    up: [
      `ALTER ROLE "a" LOGIN NOINHERIT CREATEDB CREATEROLE REPLICATION BYPASSRLS SUPERUSER CONNECTION LIMIT 5 VALID UNTIL '2030-01-01T11:00:00.000Z'`,
    ],
    down: [
      `ALTER ROLE "a" NOLOGIN INHERIT NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS NOSUPERUSER CONNECTION LIMIT -1 VALID UNTIL 'infinity'`,
    ],
  },
  {
    name: "made with all that it has, after what it is a member of; its comment and what it has in this database by themselves",
    before: "",
    after: `CREATE ROLE y; CREATE ROLE z; CREATE ROLE a LOGIN; GRANT z TO a WITH ADMIN OPTION; GRANT y, pg_monitor TO a;
      ALTER ROLE a SET search_path = app, "Odd, name", "$user"; ALTER ROLE a SET "my.note" = 'it''s \\ $do$'; ALTER ROLE a SET TimeZone = 'UTC';
      ALTER ROLE a IN DATABASE postgres SET work_mem = '8MB'; COMMENT ON ROLE a IS 'it''s'`,
    up: [
      made("y", 'CREATE ROLE "y"'),
      made("z", 'CREATE ROLE "z"'),
      made(
        "a",
        'CREATE ROLE "a" LOGIN',
        'GRANT "pg_monitor" TO "a"',
        'GRANT "y" TO "a"',
        'GRANT "z" TO "a" WITH ADMIN OPTION',
        `ALTER ROLE "a" SET "my"."note" TO E'it''s \\\\ $do$'`,
        `ALTER ROLE "a" SET "search_path" TO 'app', 'Odd, name', '$user'`,
        `ALTER ROLE "a" SET "timezone" TO 'UTC'`,
      ).replaceAll(/^DO \$do\$|\$do\$$/g, (mark) => mark.replace("do$", "do2$")),
      here('ALTER ROLE "a" IN DATABASE ', ` SET "work_mem" TO ''8MB''`),
      `COMMENT ON ROLE "a" IS 'it''s'`,
    ],
    down: [],
  },
  {
    name: "memberships come, go and change",
    before: "CREATE ROLE x; CREATE ROLE y; CREATE ROLE z; CREATE ROLE a; GRANT x, y TO a",
    after: "CREATE ROLE x; CREATE ROLE y; CREATE ROLE z; CREATE ROLE a; GRANT z TO a; GRANT y TO a WITH ADMIN OPTION",
    up: ['REVOKE "x" FROM "a"', 'REVOKE "y" FROM "a"', 'GRANT "y" TO "a" WITH ADMIN OPTION', 'GRANT "z" TO "a"'],
    down: ['REVOKE "y" FROM "a"', 'REVOKE "z" FROM "a"', 'GRANT "x" TO "a"', 'GRANT "y" TO "a"'],
  },
  {
    name: "a member that inherits no more is granted anew, since PostgreSQL 16 keeps that for each membership",
    before: "CREATE ROLE x; CREATE ROLE a; GRANT x TO a",
    after: "CREATE ROLE x; CREATE ROLE a NOINHERIT; GRANT x TO a",
    up: ['ALTER ROLE "a" NOINHERIT', 'REVOKE "x" FROM "a"', 'GRANT "x" TO "a"'],
    down: ['ALTER ROLE "a" INHERIT', 'REVOKE "x" FROM "a"', 'GRANT "x" TO "a"'],
  },
  {
    name: "options of memberships",
    since: 16,
    before: "CREATE ROLE x; CREATE ROLE y; CREATE ROLE a; GRANT x TO a WITH INHERIT FALSE; GRANT y TO a",
    after:
      "CREATE ROLE x; CREATE ROLE y; CREATE ROLE a NOINHERIT; GRANT x TO a; GRANT y TO a WITH ADMIN TRUE, INHERIT TRUE, SET FALSE",
    up: [
      'ALTER ROLE "a" NOINHERIT',
      'REVOKE "x" FROM "a"',
      'REVOKE "y" FROM "a"',
      'GRANT "x" TO "a"',
      'GRANT "y" TO "a" WITH ADMIN OPTION, INHERIT TRUE, SET FALSE',
    ],
    down: [
      'ALTER ROLE "a" INHERIT',
      'REVOKE "x" FROM "a"',
      'REVOKE "y" FROM "a"',
      'GRANT "x" TO "a" WITH INHERIT FALSE',
      'GRANT "y" TO "a"',
    ],
  },
  {
    name: "settings change one by one, and so do those of this database; another's are not seen",
    before: `CREATE ROLE a; ALTER ROLE a SET work_mem = '8MB'; ALTER ROLE a SET search_path = app; ALTER ROLE a SET jit = off;
      ALTER ROLE a IN DATABASE postgres SET jit = off; ALTER ROLE a IN DATABASE template1 SET work_mem = '1MB'`,
    after:
      "CREATE ROLE a; ALTER ROLE a SET work_mem = '9MB'; ALTER ROLE a SET search_path = 'app'; ALTER ROLE a IN DATABASE postgres SET work_mem = '2MB'",
    up: [
      'ALTER ROLE "a" RESET "jit"',
      `ALTER ROLE "a" SET "work_mem" TO '9MB'`,
      here('ALTER ROLE "a" IN DATABASE ', ' RESET "jit"'),
      here('ALTER ROLE "a" IN DATABASE ', ` SET "work_mem" TO ''2MB''`),
    ],
    down: [
      `ALTER ROLE "a" SET "jit" TO 'off'`,
      `ALTER ROLE "a" SET "work_mem" TO '8MB'`,
      here('ALTER ROLE "a" IN DATABASE ', ' RESET "work_mem"'),
      here('ALTER ROLE "a" IN DATABASE ', ` SET "jit" TO ''off''`),
    ],
  },
  {
    name: "dropped last of all, and made again on the way back",
    before: "CREATE ROLE x LOGIN; CREATE ROLE a; GRANT x TO a; COMMENT ON ROLE a IS 'old'",
    after: "CREATE ROLE a",
    up: ['REVOKE "x" FROM "a"', 'COMMENT ON ROLE "a" IS NULL', 'DROP ROLE IF EXISTS "x"'],
    down: [made("x", 'CREATE ROLE "x" LOGIN'), 'GRANT "x" TO "a"', `COMMENT ON ROLE "a" IS 'old'`],
  },
];

describe("roles", () => {
  withServer((server) => {
    const url = () => server().url();
    const read = () =>
      withConnection(url(), async (connection) =>
        serverPart(await readCatalog(connection, { schemas: [], also: ["roles"] })),
      );
    const run = (steps: readonly Step[]) => runScript(url(), steps.map(({ sql }) => sql).join(";\n"));
    const clear = () =>
      runScript(
        url(),
        `DO $$ DECLARE r text; BEGIN FOR r IN SELECT quote_ident(rolname) FROM pg_roles WHERE oid >= 16384 LOOP EXECUTE 'DROP ROLE ' || r; END LOOP; END $$`,
      );
    const after = async (script: string): Promise<Catalog> => {
      await clear();
      await runScript(url(), script);
      return read();
    };
    const differing = (from: Catalog, to: Catalog) =>
      compareCatalogs(from, to).map((change) => `${change.op} ${(change.op === "drop" ? change.from : change.to).id}`);

    for (const each of cases)
      test(each.name, async (t) => {
        const major = await serverMajor();
        if (major < (each.since ?? 0) || major > (each.until ?? major)) return t.skip(`not so in PostgreSQL ${major}`);
        const goal = await after(each.after);
        const start = await after(each.before);
        const [up, down] = [planChanges(start, goal), planChanges(goal, start, { isWayBack: true })];
        const texts = (steps: readonly Step[]) => steps.map(({ sql }) => sql);
        assert.deepEqual(texts(up), each.up);
        assert.deepEqual(texts(down), each.down);
        assert.ok([...up, ...down].every(({ ofServer }) => ofServer));
        await run(up);
        assert.deepEqual(differing(await read(), goal), []);
        await run(down);
        const left = differing(await read(), start);
        assert.deepEqual(
          left.filter((line) => !line.startsWith("drop ")),
          [],
        );
        await run(up);
        assert.deepEqual(differing(await read(), goal), []);
      });

    test("what models say is what is read, and what is written back says the same in the shortest form", async () => {
      const isNew = (await serverMajor()) >= 16;
      const models = [
        role("x"),
        role('odd "name', { login: true, comment: "it's" }),
        role("a", {
          login: true,
          inherit: false,
          createDb: true,
          createRole: true,
          replication: true,
          bypassRls: true,
          superuser: true,
          connectionLimit: 0,
          validUntil: "2030-01-01",
          memberOf: [
            "x",
            "pg_monitor",
            isNew ? { role: "b", admin: true, inherit: true, set: false } : { role: "b", admin: true },
          ],
          settings: { search_path: 'app,"$user"', TimeZone: "UTC", jit: false, statement_timeout: 5000 },
          databaseSettings: { "my.note": "it's" },
        }),
        role("b", {
          validUntil: "2030-01-01T12:00+01:00",
          memberOf: [{ role: "x", admin: false, inherit: true, set: true }],
        }),
      ];
      await clear();
      const declared = declaredCatalog(collectDeclarations(models));
      await run(planChanges(catalogOf(0, []), serverPart(declared)));
      const found = await read();
      assert.deepEqual(differing(found, serverPart(declared)), []);
      const { files } = generateModels(found);
      assert.equal(
        files.get("objects.ts"),
        `import { role } from "athanor";

export const a = role("a", {
  login: true,
  inherit: false,
  createDb: true,
  createRole: true,
  replication: true,
  bypassRls: true,
  superuser: true,
  connectionLimit: 0,
  validUntil: "2030-01-01",
  memberOf: [${isNew ? '{ role: "b", admin: true, inherit: true, set: false }' : '{ role: "b", admin: true }'}, "pg_monitor", "x"],
  settings: { jit: false, search_path: "app, \\"$user\\"", statement_timeout: 5000, timezone: "UTC" },
  databaseSettings: { "my.note": "it's" },
});

export const b = role("b", { validUntil: "2030-01-01T11:00:00.000Z", memberOf: ["x"] });

export const oddName = role("odd \\"name", { login: true, comment: "it's" });

export const x = role("x");
`,
      );
    });

    test("any roles become any others, and what they were again", async () => {
      const isNew = (await serverMajor()) >= 16;
      const names = ["a", 'b "odd', "C"];
      const flag = fc.boolean();
      const settings = fc.dictionary(
        fc.constantFrom("work_mem", "search_path", "my.note"),
        fc.constantFrom("4096", "8192"),
        { noNullPrototype: true },
      );
      // A role is a member of later ones alone, so that there is no circle.
      const roleAt = (i: number) =>
        fc.record(
          {
            login: flag,
            inherit: flag,
            createDb: flag,
            bypassRls: flag,
            connectionLimit: fc.nat(9),
            validUntil: fc.constantFrom("2030-01-01", "2031-05-05T05:05:05.050Z"),
            memberOf: fc
              .subarray(names.slice(i + 1))
              .chain((of) =>
                fc.tuple(
                  ...of.map((role) =>
                    fc.record({ role: fc.constant(role), admin: flag, ...(isNew ? { inherit: flag } : {}) }),
                  ),
                ),
              ),
            settings,
            databaseSettings: settings,
            comment: fc.constantFrom("one", "it's"),
          },
          { requiredKeys: [] },
        );
      const some = fc.tuple(...names.map((_, i) => fc.option(roleAt(i)))).map((list) => {
        const there = names.filter((_, i) => list[i] !== null);
        const models = list.flatMap((said, i) => {
          const memberOf = said?.memberOf?.filter((each) => there.includes(each.role)) ?? [];
          return said === null ? [] : [role(names[i] ?? "", { ...said, memberOf })];
        });
        return serverPart(declaredCatalog(collectDeclarations(models)));
      });
      await fc.assert(
        fc.asyncProperty(some, some, async (from, to) => {
          await clear();
          const create = planChanges(catalogOf(0, []), from);
          if (create.length > 0) await run(create);
          assert.deepEqual(differing(await read(), from), []);
          await run(planChanges(from, to));
          assert.deepEqual(differing(await read(), to), []);
          await run(planChanges(to, from));
          assert.deepEqual(differing(await read(), from), []);
        }),
        { numRuns: 25, seed: 1 },
      );
    });

    test("passwords are not seen", async () => {
      const plain = await after("CREATE ROLE a LOGIN");
      await runScript(url(), "ALTER ROLE a PASSWORD 'something'");
      assert.deepEqual(
        [...(await read()).objects.values()].map(({ definition }) => definition),
        [{ login: true }],
      );
      assert.deepEqual(differing(await read(), plain), []);
    });

    test("what whoever makes a role gets by that is nobody's doing", async (t) => {
      if ((await serverMajor()) < 16) return t.skip("new in PostgreSQL 16");
      await after("CREATE ROLE a CREATEROLE; SET ROLE a; CREATE ROLE b; RESET ROLE");
      assert.deepEqual((await read()).objects.get(objectId("role", ["a"]))?.definition, { createRole: true });
    });
  });
});

test("roles that no model names are nobody's difference, and those that are to be dropped are gone", () => {
  const catalog = (...models: readonly unknown[]) => declaredCatalog(collectDeclarations(models));
  const found = catalog(role("a"), role("b"), role("old"));
  const models = [role("a", { login: true }), role("old", { dropped: true })];
  const [from, to] = withinScope(found, catalog(...models), scopeOf(collectDeclarations(models)));
  assert.deepEqual(
    planChanges(from, to).map(({ sql }) => sql),
    ['ALTER ROLE "a" LOGIN', 'DROP ROLE IF EXISTS "old"'],
  );
});

test("what is wrong with a role is said", () => {
  const problem = (...models: readonly unknown[]) => {
    try {
      collectDeclarations(models);
      return null;
    } catch (error) {
      return error instanceof ModelError ? error.code : error;
    }
  };
  assert.equal(problem(role("a", { validUntil: "2030-01-01T12:00" })), "model.role");
  assert.equal(problem(role("a", { validUntil: "2030-13-01" })), "model.role");
  assert.equal(
    problem(role("a", { memberOf: [{ role: "b", admin: true, inherit: false, set: false }] })),
    "model.role",
  );
  assert.equal(problem(role("a"), role("a", { dropped: true })), "model.name_taken");
  assert.equal(problem(role("a".repeat(64))), "model.name_too_long");
});
