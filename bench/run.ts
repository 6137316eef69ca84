/**
 * All measurements in one run: see README.md.
 *
 *     npm start -- --tables 10,100,1000 --runs 5 --url postgres://…
 */

import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { ensureBuilt } from "../test/support/project.js";
import { startServer } from "../test/support/servers.js";
import { type Candidate, measure, run } from "./measure.js";
import { catalogStatements, Databases, makeProject, orm, packageRoot, writeJson } from "./project.js";
import { report } from "./report.js";
import { schemaStatements, smallMigrations } from "./schema.js";

const { values: flags } = parseArgs({
  options: {
    tables: { type: "string", default: "10,100,1000,10000" },
    runs: { type: "string", default: "5" },
    major: { type: "string" },
    url: { type: "string" },
  },
});
const sizes = flags.tables.split(",").map(Number);
const runs = Number(flags.runs);
const floor = (script: string) => [process.execPath, join(packageRoot, "bench", script)];

ensureBuilt();
// One transaction locks all that it creates; a stock server has room for some 1,000 tables of these.
const server =
  flags.url === undefined
    ? await startServer({
        ...(flags.major === undefined ? {} : { major: Number(flags.major) }),
        settings: { max_locks_per_transaction: 2048 },
      })
    : { url: flags.url };
const databases = new Databases(server.url);
// It refuses servers newer than itself.
const hasPgDump = spawnSync("pg_dump", ["--schema-only", server.url]).status === 0;
try {
  console.log(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model}, ${runs} runs, milliseconds\n`);
  await start();
  await migrations(200);
  for (const tables of sizes) await schema(tables);
} finally {
  if ("stop" in server) await server.stop();
}

async function start(): Promise<void> {
  const url = await databases.create("bench_start");
  const project = makeProject("start", url);
  mkdirSync(join(project, "migrations"));
  report(
    "start",
    await measure(
      [
        { name: "node -e 0", command: [process.execPath, "-e", "0"] },
        { name: "orm --help", command: [...orm, "--help"], cwd: project },
        { name: "orm migrate status", command: [...orm, "migrate", "status"], cwd: project },
        { name: "orm migrate up, nothing pending", command: [...orm, "migrate", "up"], cwd: project },
      ],
      2 * runs + 1,
    ),
  );
}

/** Small migrations as SQL files and as modules, beside a bare script with a transaction each. */
async function migrations(count: number): Promise<void> {
  const steps = smallMigrations(count);
  const target = "bench_migrations";
  const fresh = async () => [await databases.create(target)];
  const sqlFiles = makeProject("migrations-sql", databases.url(target));
  const modules = makeProject("migrations-modules", databases.url(target));
  for (const folder of [sqlFiles, modules]) mkdirSync(join(folder, "migrations"));
  const id = (i: number) => `20260101${String(100000 + i)}_step_${i}`;
  for (const [i, { up, down }] of steps.entries()) {
    const parent = i === 0 ? null : id(i - 1);
    writeFileSync(
      join(sqlFiles, "migrations", `${id(i)}.up.sql`),
      parent === null ? `${up};\n` : `-- parent: ${parent}\n\n${up};\n`,
    );
    writeFileSync(join(sqlFiles, "migrations", `${id(i)}.down.sql`), `${down};\n`);
    writeFileSync(
      join(modules, "migrations", `${id(i)}.ts`),
      `import { migration, sql } from "athanor";\n\nexport default migration({\n  parent: ${JSON.stringify(parent)},\n  up: [sql\`${up}\`],\n  down: [sql\`${down}\`],\n});\n`,
    );
  }
  const list = writeJson(
    join(sqlFiles, "statements.json"),
    steps.map(({ up }) => [up]),
  );
  report(
    `${count} small migrations`,
    await measure(
      [
        {
          name: "floor: a transaction each",
          command: floor("floor-apply.js"),
          before: async () => [...(await fresh()), list],
        },
        { name: "orm migrate up (modules)", command: [...orm, "migrate", "up"], cwd: modules, before: emptied(fresh) },
        {
          name: "orm migrate up (SQL files)",
          command: [...orm, "migrate", "up"],
          cwd: sqlFiles,
          before: emptied(fresh),
        },
      ],
      runs,
    ),
  );
}

/** Runs before, and adds nothing to the command. */
function emptied(work: () => Promise<unknown>): NonNullable<Candidate["before"]> {
  return async () => {
    await work();
    return [];
  };
}

/** Reading, comparing, generating and applying a schema of so many tables. */
async function schema(tables: number): Promise<void> {
  const times = Math.max(1, tables >= 10_000 ? Math.ceil(runs / 2) : runs);
  const name = `bench_${tables}`;
  const url = await databases.create(name);
  const project = makeProject(String(tables), url);
  await databases.load(name, schemaStatements(tables));
  const list = writeJson(join(project, "statements.json"), await catalogStatements(url));
  const read: Candidate = { name: "floor: the catalog queries", command: [...floor("floor-read.js"), url, list] };
  const pgDump: Candidate = {
    name: "pg_dump --schema-only",
    command: ["pg_dump", "--schema-only", "--file=/dev/null", url],
  };
  const introspect: Candidate = { name: "orm introspect", command: [...orm, "introspect", "--force"], cwd: project };
  report(`${tables} tables: reading`, await measure([read, ...(hasPgDump ? [pgDump] : []), introspect], times));

  // The models that came of it make the same schema anew.
  const emptyTarget = emptied(() => databases.create(name));
  await emptyTarget();
  const generate: Candidate = {
    name: "orm migrate generate, proved",
    command: [...orm, "migrate", "generate", "--dry-run"],
    cwd: project,
  };
  const once = tables >= 10_000 ? 1 : times;
  const generated = await measure([generate], once);
  await run([...orm, "migrate", "generate", "-m", "all"], project);
  const creation = writeJson(join(project, "creation.json"), [schemaStatements(tables)]);
  const apply: Candidate = {
    name: "floor: its statements",
    command: [...floor("floor-apply.js"), url, creation],
    before: emptyTarget,
  };
  const up: Candidate = {
    name: "orm migrate up",
    command: [...orm, "migrate", "up"],
    cwd: project,
    before: emptyTarget,
  };
  report(`${tables} tables: generating and applying`, [...(await measure([apply, up], once)), ...generated]);

  await databases.load(name, []);
  const check: Candidate = {
    name: "orm migrate check, nothing found",
    command: [...orm, "migrate", "check"],
    cwd: project,
  };
  await run(check.command, check.cwd);
  report(`${tables} tables: comparing`, await measure([read, check], times));
  await databases.drop(name);
}
