/** Transitions that others wrote, both ways, with rows in them. */

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { AthanorError } from "../../src/errors.js";
import { describe as describeObject } from "../../src/kinds/index.js";
import { corpusPairs, createRoles } from "../support/corpus.js";
import { createDatabase, type TestDatabase } from "../support/database.js";
import { serverMajor } from "../support/servers.js";
import { checkTransition, readDatabase } from "../support/transition.js";

const pairs = corpusPairs(await serverMajor());

// The two directions side by side, each with a scratch database of its own.
describe("pairs", { concurrency: 2 }, () => {
  before(() => createRoles(pairs.flatMap(({ roles }) => roles ?? [])));
  for (const direction of ["there", "back"] as const)
    describe(direction, () => {
      let scratch: TestDatabase | undefined;
      before(async () => {
        scratch = await createDatabase();
      });
      after(() => scratch?.drop());
      for (const pair of pairs)
        test(`${pair.suite} ${pair.name}`, async (t) => {
          const [from, to] = direction === "there" ? [pair.old, pair.new] : [pair.new, pair.old];
          await using live = await createDatabase({ script: from });
          await using goal = await createDatabase({ script: to });
          const outcome = await tryTransition({ live: live.url, goal: goal.url, scratch: scratch?.url ?? "" });
          if (outcome !== "") t.diagnostic(outcome);
        });
    });
});

/** Where it is refused, what is not managed has to be named; how a table is partitioned can't change. */
async function tryTransition(urls: Parameters<typeof checkTransition>[0]): Promise<string> {
  try {
    const { without } = await checkTransition(urls);
    return without.length === 0 ? "" : `without rows in ${without.join(", ")}`;
  } catch (error) {
    if (error instanceof AthanorError && error.code === "plan.partition_key") return error.message;
    if (!(error instanceof AthanorError) || error.code !== "plan.unmanaged") throw error;
    const catalogs = [await readDatabase(urls.live), await readDatabase(urls.goal)];
    const unmanaged = catalogs
      .flatMap(({ objects }) => [...objects.values()])
      .filter(({ kind }) => kind === "unmanaged");
    assert.ok(
      unmanaged.some((object) => error.message.includes(describeObject(object))),
      error.message,
    );
    return error.message;
  }
}
