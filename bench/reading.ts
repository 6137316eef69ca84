/**
 * Reading rows, beside pg with prepared statements and its own parsers: 10 mixed columns, through the models' codecs.
 *
 *     node --import tsx bench/reading.ts --url postgres://… --runs 40
 */

import { parseArgs } from "node:util";
import pg from "pg";
import {
  boolean,
  codecOf,
  createEngine,
  declarativeBase,
  doublePrecision,
  integer,
  jsonb,
  metadataOf,
  numeric,
  Session,
  select,
  text,
  timestamptz,
  uuid,
} from "../src/index.js";
import { startServer } from "../test/support/servers.js";

const { values: flags } = parseArgs({
  options: { url: { type: "string" }, runs: { type: "string", default: "40" } },
});
const server = flags.url === undefined ? await startServer() : { url: flags.url };

class Account extends declarativeBase().model(
  {
    id: integer().primaryKey(),
    name: text(),
    email: text(),
    active: boolean(),
    createdAt: timestamptz(),
    updatedAt: timestamptz(),
    price: numeric(),
    settings: jsonb(),
    token: uuid(),
    score: doublePrecision().nullable(),
  },
  {},
  { tablename: "bench_account" },
) {}

const rows = `
  SELECT i AS id, 'user ' || i AS name, 'user' || i || '@example.org' AS email, i % 2 = 0 AS active,
    now() - i * interval '1 hour' AS created_at, now() - i * interval '1 minute' AS updated_at, i::numeric / 7 AS price,
    jsonb_build_object('theme', 'dark', 'size', i) AS settings, gen_random_uuid() AS token,
    CASE WHEN i % 3 > 0 THEN i / 3.0::float8 END AS score
  FROM generate_series(1, 10000) i`;
const setUp = [
  `CREATE UNLOGGED TABLE bench_account AS ${rows}`,
  "ALTER TABLE bench_account ADD PRIMARY KEY (id)",
  "VACUUM ANALYZE bench_account",
];
const query = "SELECT * FROM bench_account WHERE id <= $1";
const pointQuery = "SELECT * FROM bench_account WHERE id = $1";

const columns = metadataOf(Account).columns.map((column) => ({ property: column.property, ...codecOf(column) }));

/** As a hydrator reads: text to values, into an object. */
function read(fields: readonly (string | null)[]): Record<string, unknown> {
  const account: Record<string, unknown> = {};
  for (let i = 0; i < columns.length; i++) {
    const column = columns[i]!;
    const field = fields[i]!;
    account[column.property] = field === null ? null : column.parse(field);
  }
  return account;
}

const client = new pg.Client(server.url);
await client.connect();
await client.query("DROP TABLE IF EXISTS bench_account");
for (const statement of setUp) await client.query(statement);
const engine = createEngine(server.url);
const connection = await engine.connect();

const id = Account.c.id;

/** In one transaction: without BEGIN and ROLLBACK, which the others don't send either. */
const open = new Session(connection);
await open.begin();
async function entitiesInside(text: string, value: number): Promise<void> {
  const condition = text === pointQuery ? id.eq(value) : id.lte(value);
  (await open.execute(select(Account).where(condition))).scalars().all();
  open.expungeAll();
}

const candidates = {
  "pg, prepared": (text: string, count: number) => client.query({ name: text, text, values: [count] }),
  "athanor, read": (text: string, count: number) => connection.query(text, [count], { prepare: true, read }),
  "athanor, arrays": (text: string, count: number) => connection.query(text, [count], { prepare: true }),
  "athanor, entities": entitiesInside,
};

for (const [title, text, value, repeat] of [
  ["10,000 rows", query, 10_000, 1],
  ["1,000 rows", query, 1_000, 10],
  ["a point read", pointQuery, 77, 200],
] as const) {
  const times = new Map<string, number[]>(Object.keys(candidates).map((name) => [name, []]));
  for (let run = -5; run < Number(flags.runs); run++)
    for (const [name, candidate] of Object.entries(candidates)) {
      const start = performance.now();
      for (let i = 0; i < repeat; i++) await candidate(text, value);
      if (run >= 0) times.get(name)?.push((performance.now() - start) / repeat);
    }
  report(title, times);
}

await connection.release();
await engine.dispose();
await client.query("DROP TABLE bench_account");
await client.end();
if ("stop" in server) await server.stop();

/** Medians in milliseconds, and their ratio to the first. */
function report(title: string, times: ReadonlyMap<string, number[]>): void {
  let floor: number | undefined;
  for (const [name, all] of times) {
    const median = all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)] ?? 0;
    floor ??= median;
    console.log(`${title.padEnd(14)} ${name.padEnd(18)} ${median.toFixed(3)} ms  ${(median / floor).toFixed(2)}`);
  }
}
