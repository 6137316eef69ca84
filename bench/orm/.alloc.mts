import { Session } from "node:inspector/promises";
import pg from "pg";
import { Databases } from "../project.js";
import { cases } from "./cases.js";
import { load, restoreItems } from "./data.js";

const url0 = process.argv[2]!,
  what = process.argv[3]!,
  title = process.argv[4]!,
  n = Number(process.argv[5] ?? 10);
const db = new Databases(url0);
const name = "prof_orm_" + process.pid;
const url = await db.create(name);
const database = new pg.Client({ connectionString: url });
await database.connect();
await load(database);
const { candidate } = await import("./candidates/" + what + ".js");
const { cases: own, close } = await candidate.open(url);
const c = cases.find((c) => c.title.includes(title))!;
const total = new Map<string, number>();
const session = new Session();
session.connect();
for (let i = -10; i < n; i++) {
  if (c.writes) await restoreItems(database);
  const run = await c.prepare(own);
  if (i >= 0)
    await session.post("HeapProfiler.startSampling", {
      samplingInterval: 4096,
      includeObjectsCollectedByMajorGC: true,
      includeObjectsCollectedByMinorGC: true,
    } as never);
  await run();
  if (i >= 0) {
    const { profile } = await session.post("HeapProfiler.stopSampling");
    const walk = (node: any) => {
      const k =
        node.callFrame.functionName +
        " " +
        node.callFrame.url.split("/").slice(-2).join("/") +
        ":" +
        (node.callFrame.lineNumber + 1);
      total.set(k, (total.get(k) ?? 0) + node.selfSize);
      node.children.forEach(walk);
    };
    walk(profile.head);
  }
}
let sum = 0;
for (const v of total.values()) sum += v;
console.log("total KB per run", (sum / n / 1024).toFixed(0));
for (const [k, v] of [...total].sort((a, b) => b[1] - a[1]).slice(0, 30))
  console.log((v / n / 1024).toFixed(0).padStart(7), k);
await close();
await database.end();
await db.drop(name);
process.exit(0);
