/**
 * Random schemas and their neighbours, turned into one another with rows in them.
 *
 *     ATHANOR_PROPERTY_RUNS=1000 ATHANOR_PROPERTY_SECONDS=600 ATHANOR_PROPERTY_SEED=random npm test -- diff/property
 */

import { after as afterAll, before, test } from "node:test";
import fc from "fast-check";
import { AthanorError } from "../../src/errors.js";
import { createRoles } from "../support/corpus.js";
import { createDatabase, type TestDatabase } from "../support/database.js";
import { type LabelServer, startLabelServer } from "../support/label-provider.js";
import { skipWithoutShared } from "../support/oracle.js";
import { withClient } from "../support/query.js";
import type { Move } from "../support/random-picks.js";
import { randomRoles } from "../support/random-rights.js";
import { after, grown, statementsOf, type World } from "../support/random-schema.js";
import { serverUrl } from "../support/servers.js";
import { checkTransition, RefusedStep } from "../support/transition.js";

const runs = Number(process.env.ATHANOR_PROPERTY_RUNS ?? 30);
const seconds = Number(process.env.ATHANOR_PROPERTY_SECONDS ?? 30);
// Every run of the suite tries the same schemas, so that it fails for a change and not for its luck; a soak says `random`.
const seed = process.env.ATHANOR_PROPERTY_SEED ?? "1";

const moves = (minLength: number, maxLength: number) =>
  fc.noBias(
    fc.array(fc.array(fc.nat(100_000), { minLength: 24, maxLength: 24 }), { minLength, maxLength, size: "max" }),
  );

/** Where labels have a provider; where nothing compiles one, the shared server serves, and takes none. */
let server: string;
let labelServer: LabelServer | null = null;
// Here labels have none, as in most scratch databases.
let scratch: TestDatabase | undefined;
before(async () => {
  labelServer = await startLabelServer("everywhere");
  server = labelServer?.url ?? (await serverUrl());
  for (const url of new Set([server, await serverUrl()])) await createRoles(randomRoles, url);
  scratch = await createDatabase();
});
afterAll(async () => {
  await scratch?.drop();
  await labelServer?.stop();
});

test("any schema becomes its neighbour, and is itself again after", async (t) => {
  if (skipWithoutShared(t)) return;
  let running: Promise<void> | undefined;
  const property = fc.asyncProperty(moves(4, 30), moves(1, 10), (first, second) => {
    running = check(first, second);
    return running;
  });
  await fc.assert(property, {
    numRuns: runs,
    interruptAfterTimeLimit: seconds * 1000,
    ...(seed === "random" ? {} : { seed: Number(seed) }),
    reporter: async (details) => {
      if (!details.failed) return;
      const [first = [], second = []] = details.counterexample ?? [];
      throw new Error(
        `seed ${details.seed}, after ${details.numRuns} runs\n${await storyOf(first, second)}\n${details.errorInstance instanceof Error ? details.errorInstance.message : details.errorInstance}`,
        { cause: details.errorInstance },
      );
    },
  });
  // Where time is up, one is still under way.
  await running;
});

/** Both schemas as the statements that PostgreSQL took. */
async function storyOf(first: readonly Move[], second: readonly Move[]): Promise<string> {
  const parts: string[] = [];
  for (const world of worldsOf(first, second)) {
    await using database = await createDatabase({ server });
    parts.push((await build(database, world)).map((sql) => `${sql};`).join("\n"));
  }
  return parts.join("\n---\n");
}

function worldsOf(first: readonly Move[], second: readonly Move[]): readonly [World, World] {
  const start = grown(first);
  return [start, after(start, second)];
}

async function check(first: readonly Move[], second: readonly Move[]): Promise<void> {
  const [from, to] = worldsOf(first, second);
  await using live = await createDatabase({ server });
  await using goal = await createDatabase({ server });
  await build(live, from);
  await build(goal, to);
  try {
    await checkTransition({ live: live.url, goal: goal.url, scratch: scratch?.url ?? "" });
  } catch (error) {
    // How a table is partitioned can't change.
    if (error instanceof AthanorError && error.code === "plan.partition_key") return;
    // Between some types PostgreSQL has no conversion, which is for the model to give.
    if (error instanceof RefusedStep && error.refusal.sqlstate === "42846" && / USING /.test(error.step.sql)) return;
    // A default that its own type refuses can stand in CREATE TABLE, but no column can be added with it.
    if (
      error instanceof RefusedStep &&
      /^22/.test(error.refusal.sqlstate ?? "") &&
      / ADD COLUMN .* DEFAULT /.test(error.step.sql)
    )
      return;
    throw error;
  }
}

/** Runs what PostgreSQL takes of a world's statements, and returns it. */
async function build(database: TestDatabase, world: World): Promise<string[]> {
  return withClient(database.url, async (client) => {
    const taken: string[] = [];
    await client.query("BEGIN");
    for (const sql of statementsOf(world)) {
      await client.query("SAVEPOINT s");
      try {
        await client.query(sql);
        taken.push(sql);
      } catch {
        await client.query("ROLLBACK TO SAVEPOINT s");
      }
      await client.query("RELEASE SAVEPOINT s");
    }
    await client.query("COMMIT");
    return taken;
  });
}
