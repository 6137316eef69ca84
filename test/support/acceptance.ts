/** Acceptance cases as plain data: what is there, what is wanted, and the statements in between. */

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { PlanOptions } from "../../src/diff/context.js";
import type { Hazard, Request } from "../../src/kinds/kind.js";
import type { Answers } from "../../src/migrate/decide.js";
import { createDatabase, type TestDatabase } from "./database.js";
import { skipWithoutShared } from "./oracle.js";
import { serverMajor, serverUrl } from "./servers.js";
import { checkTransition, noRenames } from "./transition.js";

export interface Case {
  readonly name: string;
  readonly before: string;
  readonly after: string;
  /** Every statement of the way there: no more, no fewer. */
  readonly up: readonly string[];
  /** What the way there warns of, where that is worth a look. */
  readonly hazards?: readonly Hazard[];
  /** The statements of the way back, where they are worth a look. */
  readonly down?: readonly string[];
  /** Put in before. */
  readonly rows?: string;
  /** A query of one column over what is there in the end, and what it gives. */
  readonly gives?: readonly [query: string, values: readonly string[]];
  /** Answers to the questions about renames. Default: no renames. */
  readonly answers?: Readonly<Record<string, string>>;
  readonly plan?: PlanOptions;
  /** What is looked at beside what always is. */
  readonly also?: readonly Request[];
  /** The oldest PostgreSQL that has what this is about. */
  readonly since?: number;
  /** The newest that behaves like this. */
  readonly until?: number;
}

/** Where cases are tried; null: nowhere, as where the server that they need can't be made. Default: the shared server. */
export interface Servers {
  readonly server?: () => Promise<string | null>;
  /** Where the scratch database is. Default: there too. */
  readonly scratchServer?: () => Promise<string | null>;
}

/** Each case there, back and there again, with rows, judged by the oracle. */
export function acceptance(
  title: string,
  cases: readonly Case[],
  { server = serverUrl, scratchServer = server }: Servers = {},
): void {
  describe(title, () => {
    let scratch: TestDatabase | undefined;
    before(async () => {
      const url = await scratchServer();
      if (url !== null) scratch = await createDatabase({ server: url });
    });
    after(() => scratch?.drop());
    for (const each of cases)
      test(each.name, async (t) => {
        if (skipWithoutShared(t)) return;
        const url = await server();
        if (url === null) return t.skip("no server for it");
        const major = await serverMajor();
        if (major < (each.since ?? 0) || major > (each.until ?? major)) return t.skip(`not so in PostgreSQL ${major}`);
        await check(each, url, scratch?.url ?? "");
      });
  });
}

async function check(each: Case, server: string, scratch: string): Promise<void> {
  await using live = await createDatabase({ server, script: `${each.before};${each.rows ?? ""}` });
  await using goal = await createDatabase({ server, script: each.after });
  const answers: Answers = new Map(Object.entries(each.answers ?? {}));
  const { change } = await checkTransition(
    { live: live.url, goal: goal.url, scratch },
    {
      decider: each.answers === undefined ? noRenames : { given: answers },
      ...(each.plan === undefined ? {} : { plan: each.plan }),
      ...(each.also === undefined ? {} : { also: each.also }),
    },
  );
  assert.deepEqual(
    change.up.map(({ sql }) => sql),
    each.up,
  );
  if (each.hazards !== undefined)
    assert.deepEqual([...new Set(change.up.flatMap(({ hazards }) => hazards))], each.hazards);
  if (each.down !== undefined)
    assert.deepEqual(
      change.down.map(({ sql }) => sql),
      each.down,
    );
  if (each.gives === undefined) return;
  const [query, values] = each.gives;
  const found = await live.query<{ value: string }>(`SELECT x::text AS value FROM (${query}) q(x)`);
  assert.deepEqual(
    found.map((row) => row.value),
    values,
  );
}
