/** A whole transition, tried for real: plan, rows, up, down, up again, judged by the oracle. */

import assert from "node:assert/strict";
import type { Catalog } from "../../src/catalog/catalog.js";
import { compareCatalogs } from "../../src/diff/compare.js";
import type { Step } from "../../src/diff/plan.js";
import type { Connection } from "../../src/engine/connection.js";
import { createEngine } from "../../src/engine/engine.js";
import { DatabaseError } from "../../src/engine/errors.js";
import { describe } from "../../src/kinds/index.js";
import { readCatalog } from "../../src/kinds/read.js";
import { type Change, type ChangeOptions, computeChange } from "../../src/migrate/change.js";
import type { Decider } from "../../src/migrate/decide.js";
import { readExternals } from "../../src/scratch/externals.js";
import { reprint } from "../../src/scratch/reprint.js";
import { settle } from "../../src/scratch/settle.js";
import { createDatabase } from "./database.js";
import { differences } from "./oracle.js";
import { queryRows } from "./query.js";
import { insertRows, lostRows, readRowModel, readRows } from "./rows.js";

/** Every difference is a drop and a create, but where a rename comes to the same. */
export const noRenames: Decider = {
  given: new Map(),
  ask: async (questions) => new Map(questions.map(({ id }) => [id, null])),
};

/** Runs a function with a connection of the library's. */
export async function withConnection<T>(url: string, work: (connection: Connection) => Promise<T>): Promise<T> {
  const engine = createEngine(url, { pool: { size: 1 } });
  try {
    const connection = await engine.connect();
    try {
      return await work(connection);
    } finally {
      await connection.release();
    }
  } finally {
    await engine.dispose();
  }
}

/** The catalog of a database, all its schemas managed. */
export function readDatabase(url: string): Promise<Catalog> {
  return withConnection(url, (connection) => readCatalog(connection, { schemas: "*" }));
}

/** A step that PostgreSQL refused. */
export class RefusedStep extends Error {
  constructor(
    readonly step: Step,
    readonly refusal: DatabaseError,
  ) {
    super(`${refusal.message} (${refusal.sqlstate}) in: ${step.sql}`);
  }
}

/** Runs steps as the runner does: those that may in one transaction, the others between transactions. */
export async function runSteps(connection: Connection, steps: readonly Step[]): Promise<void> {
  let open = false;
  const toggle = async (wanted: boolean) => {
    if (open !== wanted) await connection.script(wanted ? "BEGIN" : "COMMIT");
    open = wanted;
  };
  try {
    for (const step of steps) {
      await toggle(step.transactional);
      await connection.script(step.sql).catch((error: unknown) => {
        throw error instanceof DatabaseError ? new RefusedStep(step, error) : error;
      });
    }
    await toggle(false);
  } catch (error) {
    if (open) await connection.script("ROLLBACK");
    throw error;
  }
}

/** What a transition came to. */
export interface Outcome {
  readonly change: Change;
  /** Tables that could not be given rows, or whose rows the target refuses. */
  readonly without: readonly string[];
}

/** Relations that are not managed: what hangs on them is not to be compared. */
const unmanagedQuery = `
  SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_index i ON i.indexrelid = c.oid
  LEFT JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid AND c.relkind = 'S' AND d.deptype IN ('a', 'i') AND d.refobjsubid > 0
  JOIN pg_class r ON r.oid = coalesce(i.indrelid, d.refobjid, c.oid)
  WHERE r.relkind IN ('v', 'm', 'f', 'p') OR r.relispartition OR r.reloftype <> 0 OR EXISTS (SELECT FROM pg_inherits h WHERE h.inhrelid = r.oid)`;

const managedKinds = new Set(
  "schema extension enum domain sequence table column attribute constraint index"
    .split(" ")
    .concat("composite type", "range type", "domain constraint", "constraint domain"),
);

/** What the oracle sees between two databases, among what is managed. */
export async function managedDifferences(a: string, b: string): Promise<string> {
  const names = (await Promise.all([a, b].map((url) => queryRows<{ name: string }>(url, unmanagedQuery)))).flat();
  return differences(a, b, {
    kinds: (kind) => managedKinds.has(kind),
    keep: (key) => !names.some(({ name }) => key.endsWith(` ${name}`) || key.includes(` ${name}.`)),
  });
}

/**
 * Turns the database `before` into the likes of `after` and back and there again, with rows in it.
 *
 * @throws AssertionError where anything is not as it should be, AthanorError `plan.*`
 */
export async function checkTransition(
  before: { readonly url: string; readonly script: string },
  after: { readonly url: string; readonly script: string },
  options: Partial<ChangeOptions> = {},
): Promise<Outcome> {
  const scratch = await createDatabase();
  const start = await createDatabase({ script: before.script });
  try {
    return await withConnection(scratch.url, (scratchConnection) =>
      withConnection(before.url, (live) =>
        withConnection(after.url, (goal) =>
          new Trial(start.url, live, goal, scratchConnection, after.url, options).run(),
        ),
      ),
    );
  } finally {
    await scratch.drop();
    await start.drop();
  }
}

class Trial {
  readonly without: string[] = [];

  constructor(
    readonly startUrl: string,
    readonly live: Connection,
    readonly goal: Connection,
    readonly scratch: Connection,
    readonly goalUrl: string,
    readonly options: Partial<ChangeOptions>,
  ) {}

  async run(): Promise<Outcome> {
    const { live, goal } = this;
    const [from, to] = [await this.#read(live), await this.#read(goal)];
    const externals = async () => [...(await readExternals(live, "*")), ...(await readExternals(goal, "*"))];
    const change = await computeChange(from, to, {
      decider: noRenames,
      scratch: async () => this.scratch,
      externals,
      ...this.options,
    });
    const [fromModel, toModel] = [await readRowModel(live), await readRowModel(goal)];
    this.without.push(...(await insertRows(live, fromModel, toModel)));
    const url = await this.#url(live);
    await this.#upWithRows(change, fromModel);
    const rows = await readRows(live, await readRowModel(live));
    await this.#reached(url, this.goalUrl, to, externals, "up");
    await runSteps(live, change.down);
    await this.#reached(url, this.startUrl, from, externals, "down");
    const back = await readRows(live, fromModel);
    assert.deepEqual(lostRows(rows, toModel, back, fromModel), [], "rows after down");
    await runSteps(live, change.up);
    await this.#reached(url, this.goalUrl, to, externals, "up again");
    return { change, without: this.without };
  }

  /** Where the target can't hold a table's rows, PostgreSQL says so and names the table; the step has to have warned. */
  async #upWithRows(change: Change, model: Awaited<ReturnType<typeof readRowModel>>): Promise<void> {
    for (;;) {
      const before = await readRows(this.live, model);
      try {
        await runSteps(this.live, change.up);
      } catch (error) {
        if (!(error instanceof RefusedStep) || !/^2[23]/.test(error.refusal.sqlstate ?? "")) throw error;
        assert.ok(error.step.hazards.includes("may-fail"), `no warning of: ${error.message}`);
        const [table] = /(?<=ALTER TABLE |INDEX .* ON )"(?:[^"]|"")+"\."(?:[^"]|"")+"/.exec(error.step.sql) ?? [];
        const all = [...model.tables.values()].map(({ path }) =>
          path.map((name) => `"${name.replaceAll('"', '""')}"`).join("."),
        );
        const emptied = table === undefined ? all : [table];
        this.without.push(...emptied);
        await this.live.script(emptied.map((name) => `TRUNCATE ${name} CASCADE`).join(";"));
        const left = await readRows(this.live, model);
        assert.notDeepEqual(left, before, error.message);
        continue;
      }
      const now = await readRowModel(this.live);
      assert.deepEqual(lostRows(before, model, await readRows(this.live, now), now), [], "rows after up");
      return;
    }
  }

  async #reached(
    url: string,
    goalUrl: string,
    goal: Catalog,
    externals: ChangeOptions["externals"],
    when: string,
  ): Promise<void> {
    assert.equal(await managedDifferences(url, goalUrl), "", `${when}: the oracle`);
    const found = await this.#read(this.live);
    const settled = await settle(found, goal, (catalog) =>
      reprint(this.scratch, catalog, { externals, lenient: true }),
    );
    const left = compareCatalogs(settled, goal).map(
      (each) => `${each.op} ${describe(each.op === "drop" ? each.from : each.to)}`,
    );
    assert.deepEqual(left, [], `${when}: comparing again`);
  }

  #read(connection: Connection): Promise<Catalog> {
    return readCatalog(connection, { schemas: "*" });
  }

  async #url(connection: Connection): Promise<string> {
    const { rows } = await connection.query("SELECT current_database()");
    const url = new URL(this.goalUrl);
    url.pathname = `/${rows[0]?.[0]}`;
    return url.href;
  }
}
