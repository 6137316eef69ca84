/**
 * The ORM beside its peers, in one process and on the same tables: see ../README.md.
 *
 *     npm run orm -- --rounds 5 --only pg,athanor --case "read 1,000" --url postgres://…
 */

import { AssertionError } from "node:assert";
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import pg from "pg";
import { ensureBuilt } from "../../test/support/project.js";
import { startServer } from "../../test/support/servers.js";
import { Databases } from "../project.js";
import { report, reportRatios, summary, type Times } from "../report.js";
import type { Candidate, Cases } from "./candidate.js";
import { type Case, cases } from "./cases.js";
import { load, restoreItems } from "./data.js";
import { generatePrismaClient } from "./prisma-client.js";

/** The floor is the first. Each is loaded when it is its turn, so that one which isn't installed keeps no other away. */
const candidates: Readonly<Record<string, () => Promise<{ readonly candidate: Candidate }>>> = {
  pg: () => import("./candidates/pg.js"),
  athanor: () => import("./candidates/athanor.js"),
  "athanor-sql": () => import("./candidates/athanor-sql.js"),
  kysely: () => import("./candidates/kysely.js"),
  drizzle: () => import("./candidates/drizzle.js"),
  typeorm: () => import("./candidates/typeorm.js"),
  "mikro-orm": () => import("./candidates/mikro-orm.js"),
  prisma: () => {
    generatePrismaClient();
    return import("./candidates/prisma.js");
  },
};

/** A candidate that takes part. */
interface Contestant {
  readonly name: string;
  readonly cases: Cases;
  close(): Promise<void>;
}

const { values: flags } = parseArgs({
  options: {
    rounds: { type: "string", default: "21" },
    only: { type: "string", default: Object.keys(candidates).join(",") },
    case: { type: "string", default: "" },
    major: { type: "string" },
    url: { type: "string" },
  },
});
const rounds = Number(flags.rounds);
/**
 * Untimed, after the round that is checked: V8 compiles what runs often, and an application has been up for a while. So
 * many rounds for each candidate, or as many as it does in that time: the driver below most of them is warmed by all.
 */
const warmUps = { least: 10, most: 200, milliseconds: 3_000 };
const collectGarbage = globalThis.gc;
if (collectGarbage === undefined) throw new Error("Run it as `npm run orm`: node needs --expose-gc.");

ensureBuilt();
const server =
  flags.url === undefined
    ? await startServer(flags.major === undefined ? {} : { major: Number(flags.major) })
    : { url: flags.url };
try {
  console.log(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model}, ${rounds} rounds, milliseconds\n`);
  const databases = new Databases(server.url);
  await compare(await databases.create("bench_orm"));
  await databases.drop("bench_orm");
} finally {
  if ("stop" in server) await server.stop();
}

async function compare(url: string): Promise<void> {
  const database = new pg.Client({ connectionString: url });
  await database.connect();
  await load(database);
  const contestants: Contestant[] = [];
  for (const name of flags.only.split(",")) contestants.push(...(await enter(name, url)));
  const tables: { title: string; times: Times[] }[] = [];
  for (const measured of cases.filter(({ title }) => title.includes(flags.case))) {
    const times = await measure(measured, contestants, database);
    report(measured.title, times, 3);
    tables.push({ title: measured.title, times });
  }
  reportRatios(tables);
  for (const contestant of contestants) await contestant.close();
  await database.end();
}

/** The candidate, connected; none, and a line that says why, where it can't be had. */
async function enter(name: string, url: string): Promise<Contestant[]> {
  try {
    const { candidate } = (await candidates[name]?.()) ?? {};
    if (candidate === undefined) throw new Error(`one of ${Object.keys(candidates).join(", ")} is expected`);
    return [{ name: `${candidate.name} ${candidate.version}`, ...(await candidate.open(url)) }];
  } catch (error) {
    console.log(`${name} takes no part: ${firstLine(error)}\n`);
    return [];
  }
}

/** One case, by all who can do it: each in turn, several times over, in another order each time. */
async function measure(measured: Case, contestants: readonly Contestant[], database: pg.Client): Promise<Times[]> {
  const able: Contestant[] = [];
  for (const contestant of contestants) if (await passes(measured, contestant, database)) able.push(contestant);
  const times = new Map<string, number[]>(able.map(({ name }) => [name, []]));
  for (const contestant of able) await warmUp(measured, contestant, database);
  for (let round = 0; round < rounds; round++)
    for (const { name, cases } of shuffled(able)) times.get(name)?.push((await sample(measured, cases, database)).time);
  return [...times].map(([name, all]) => summary(name, all));
}

async function warmUp(measured: Case, { cases }: Contestant, database: pg.Client): Promise<void> {
  const started = performance.now();
  const { least, most, milliseconds } = warmUps;
  for (let i = 0; i < most && (i < least || performance.now() - started < milliseconds); i++)
    await sample(measured, cases, database);
}

/** Whether it does the case, and what comes of it is right. A case that is not there yet throws; that is no failure. */
async function passes(measured: Case, { name, cases }: Contestant, database: pg.Client): Promise<boolean> {
  try {
    const { check } = await sample(measured, cases, database);
    await check(database);
    return true;
  } catch (error) {
    const wrong = error instanceof AssertionError;
    if (wrong) process.exitCode = 1;
    console.log(`${name}, ${measured.title}: ${wrong ? "wrong data" : "not there yet"}: ${firstLine(error)}\n`);
    return false;
  }
}

/** Does the case, in milliseconds for one time of it. */
async function sample({ writes, times, prepare }: Case, cases: Cases, database: pg.Client) {
  if (writes) await restoreItems(database);
  const sample = await prepare(cases);
  // What the candidate before has left behind is not this one's to sweep. Not of the old: with the last object of a shape
  // V8 drops the code that it compiled for it, which no application sees before every query.
  void collectGarbage?.({ type: "minor" });
  const started = performance.now();
  const check = await sample();
  return { time: (performance.now() - started) / times, check };
}

/** Who comes after one that leaves much behind is slower for it: that should not be always the same. */
function shuffled<T>(list: readonly T[]): T[] {
  return list
    .map((item) => ({ item, place: Math.random() }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ item }) => item);
}

function firstLine(error: unknown): string {
  return String(error).split("\n", 1)[0] ?? "";
}
