/** Transitions that others wrote, both ways, with rows in them. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { AthanorError } from "../../src/errors.js";
import { describe as describeObject } from "../../src/kinds/index.js";
import { corpusPairs, createRoles } from "../support/corpus.js";
import { createDatabase } from "../support/database.js";
import { serverMajor } from "../support/servers.js";
import { checkTransition, readDatabase } from "../support/transition.js";

const pairs = corpusPairs(await serverMajor());

for (const direction of ["there", "back"] as const)
  describe(direction, { concurrency: 2 }, () => {
    for (const pair of pairs) {
      const name = `${pair.suite} ${pair.name}`;
      test(name, async (t) => {
        await createRoles(pair.roles ?? []);
        const [from, to] = direction === "there" ? [pair.old, pair.new] : [pair.new, pair.old];
        const before = await createDatabase({ script: from });
        const after = await createDatabase({ script: to });
        try {
          const { without } = await checkTransition({ url: before.url, script: from }, { url: after.url, script: to });
          if (without.length > 0) t.diagnostic(`without rows: ${without.join(", ")}`);
        } catch (error) {
          if (!(error instanceof AthanorError) || error.code !== "plan.unmanaged") throw error;
          t.diagnostic(error.message);
          const catalogs = [await readDatabase(before.url), await readDatabase(after.url)];
          const unmanaged = catalogs.flatMap(({ objects }) =>
            [...objects.values()].filter(({ kind }) => kind === "unmanaged"),
          );
          assert.ok(
            unmanaged.some((object) => error.message.includes(describeObject(object))),
            error.message,
          );
        } finally {
          await before.drop();
          await after.drop();
        }
      });
    }
  });
