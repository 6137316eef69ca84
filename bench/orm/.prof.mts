import pg from "pg";
import { Databases } from "../project.js";
import { cases } from "./cases.js";
import { load, restoreItems } from "./data.js";

const url0 = process.argv[2]!,
  what = process.argv[3]!,
  title = process.argv[4]!,
  n = Number(process.argv[5] ?? 50);
const db = new Databases(url0);
const name = "prof_orm_" + process.pid;
const url = await db.create(name);
const database = new pg.Client({ connectionString: url });
await database.connect();
await load(database);
for (const w of what.split(",")) {
  const { candidate } = await import("./candidates/" + w + ".js");
  const { cases: own, close } = await candidate.open(url);
  for (const c of cases.filter((c) => c.title.includes(title))) {
    let cpu = 0,
      time = 0,
      best = 1e9;
    for (let i = -Math.ceil(n / 3); i < n; i++) {
      if (c.writes) await restoreItems(database);
      const run = await c.prepare(own);
      globalThis.gc?.();
      const u = process.cpuUsage();
      const t = performance.now();
      await run();
      const d = process.cpuUsage(u);
      const e = performance.now() - t;
      if (i >= 0) {
        cpu += d.user + d.system;
        time += e;
        best = Math.min(best, e);
      }
    }
    console.log(
      w.padEnd(12),
      c.title.padEnd(40),
      "cpu",
      (cpu / 1000 / n).toFixed(2).padStart(8),
      "wall",
      (time / n).toFixed(2).padStart(8),
      "best",
      best.toFixed(2).padStart(8),
    );
  }
  await close();
}
await database.end();
await db.drop(name);
process.exit(0);
