/**
 * A large schema of every kind of object, as real ones grow: 400 tables, 700 views and materialized views, 600 routines,
 * 400 triggers, 100 policies, 20 tables of 150 partitions each, some 11,000 indexes. Introspected, rebuilt in an empty
 * database and compared: the time and the most memory of each command.
 *
 *     npm run large -- --url postgres://…
 */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { ensureBuilt } from "../test/support/project.js";
import { startServer } from "../test/support/servers.js";
import { Databases, makeProject, orm, writeJson } from "./project.js";

const { values: flags } = parseArgs({ options: { url: { type: "string" }, major: { type: "string" } } });
/** Tells the most memory that the process has had, in KiB. */
const peakMemory = `data:text/javascript,${encodeURIComponent(
  'import { writeSync } from "node:fs"; process.on("exit", () => writeSync(3, String(process.resourceUsage().maxRSS)));',
)}`;

ensureBuilt();
const server =
  flags.url === undefined
    ? await startServer({
        ...(flags.major === undefined ? {} : { major: Number(flags.major) }),
        settings: { max_locks_per_transaction: 4096 },
      })
    : { url: flags.url };
const databases = new Databases(server.url);
try {
  const url = await databases.create("bench_large");
  // Not analyzed: a schema that was just loaded, as scratch databases are, must not be slower to read.
  await databases.run("bench_large", [...sharedStatements(), ...tableStatements(400), ...partitionStatements(20, 150)]);
  const rebuilt = await databases.create("bench_large_rebuilt");
  const project = makeProject("large", url);
  const configure = (database: string) =>
    writeJson(join(project, "orm.config.json"), { url: database, schemas: ["app", "audit"] });
  configure(url);
  await show("introspect", project);
  await show("diff --exit-code", project);
  configure(rebuilt);
  for (const verb of ["generate", "up", "check", "down"]) await show(`migrate ${verb}`, project);
  for (const name of ["bench_large", "bench_large_rebuilt"]) await databases.drop(name);
} finally {
  if ("stop" in server) await server.stop();
}

/** Runs a command and prints what it took. @throws Error where it fails. */
async function show(command: string, cwd: string): Promise<void> {
  const [program = "", script = ""] = orm;
  const started = performance.now();
  const child = spawn(program, ["--import", peakMemory, script, ...command.split(" ")], {
    cwd,
    stdio: ["ignore", "ignore", "pipe", "pipe"],
  });
  const told: string[] = [];
  child.stderr?.setEncoding("utf8").on("data", (text: string) => told.push(text));
  let peak = 0;
  child.stdio[3]?.on("data", (bytes: Buffer) => {
    peak = Number(bytes.toString());
  });
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(`orm ${command} ended with ${code}:\n${told.join("").slice(0, 4000)}`);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`orm ${command.padEnd(20)} ${seconds.padStart(6)} s ${String(Math.round(peak / 1024)).padStart(6)} MB`);
}

function sharedStatements(): string[] {
  return [
    "CREATE SCHEMA app",
    "CREATE SCHEMA audit",
    "CREATE TYPE app.state AS ENUM ('new', 'open', 'closed')",
    "CREATE DOMAIN app.email AS text CHECK (VALUE ~ '@')",
    "CREATE FUNCTION app.touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.updated_at := now(); RETURN NEW; END'",
  ];
}

/** Tables with what hangs on each: views on views, routines, a trigger, here and there a materialized view or a policy. */
function tableStatements(count: number): string[] {
  return Array.from({ length: count }, (_, i) => {
    const [table, parent] = [`app.t${i}`, `app.t${i >> 1}`];
    const statements = [
      `CREATE TABLE ${table} (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        code text NOT NULL UNIQUE,
        name varchar(120) NOT NULL,
        email app.email,
        amount numeric(12, 2) NOT NULL DEFAULT 0,
        quantity integer NOT NULL DEFAULT 1 CHECK (quantity > 0),
        state app.state NOT NULL DEFAULT 'new',
        payload jsonb,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz,
        parent_id bigint ${i === 0 ? "" : `REFERENCES ${parent}`}
      )`,
      `CREATE INDEX ON ${table} (parent_id)`,
      `CREATE INDEX ON ${table} (lower(name)) WHERE state <> 'closed'`,
      `CREATE INDEX ON ${table} USING gin (payload)`,
      `COMMENT ON TABLE ${table} IS 'table ${i}'`,
      `CREATE TRIGGER touch BEFORE UPDATE ON ${table} FOR EACH ROW EXECUTE FUNCTION app.touch()`,
      `CREATE VIEW app.v${i} AS SELECT x.id, x.name, x.state, y.name AS parent_name, count(*) OVER () AS n
        FROM ${table} x LEFT JOIN ${parent} y ON y.id = x.parent_id WHERE x.quantity > 1`,
      `CREATE FUNCTION app.f${i}(a bigint, b text DEFAULT 'x') RETURNS SETOF ${table} LANGUAGE sql STABLE
        AS 'SELECT * FROM ${table} WHERE id = a OR name = b'`,
    ];
    if (i % 2 === 0)
      statements.push(`CREATE VIEW app.w${i} AS SELECT *, coalesce(parent_name, '-') AS p FROM app.v${i}`);
    else
      statements.push(`CREATE PROCEDURE app.p${i}(a bigint) LANGUAGE plpgsql
        AS 'BEGIN UPDATE ${table} SET quantity = 1 WHERE id = a; PERFORM app.f${i}(a); END'`);
    if (i % 4 === 0)
      statements.push(
        `CREATE MATERIALIZED VIEW app.m${i} AS SELECT state, count(*) AS n FROM ${table} GROUP BY state`,
        `CREATE UNIQUE INDEX ON app.m${i} (state)`,
        `ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY`,
        `CREATE POLICY own ON ${table} USING (parent_id = 1)`,
      );
    return statements.join(";\n");
  });
}

/** Tables by month, as a job would have made them. */
function partitionStatements(tables: number, months: number): string[] {
  const month = (number: number) => new Date(Date.UTC(2015, number, 1)).toISOString().slice(0, 10);
  return Array.from({ length: tables }, (_, i) => [
    `CREATE TABLE audit.e${i} (id bigint NOT NULL, at timestamptz NOT NULL, kind text NOT NULL, body jsonb, user_id bigint,
      PRIMARY KEY (id, at)) PARTITION BY RANGE (at)`,
    `CREATE INDEX ON audit.e${i} (user_id, at)`,
    `CREATE INDEX ON audit.e${i} (kind)`,
    ...Array.from(
      { length: months },
      (_, n) =>
        `CREATE TABLE audit.e${i}_${month(n).slice(0, 7).replace("-", "_")} PARTITION OF audit.e${i}
          FOR VALUES FROM ('${month(n)}') TO ('${month(n + 1)}')`,
    ),
  ]).flat();
}
