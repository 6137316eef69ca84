/** A whole transition, tried for real: plan, rows, up, down, up again, judged by the oracle. */

import assert from "node:assert/strict";
import type { Catalog } from "../../src/catalog/catalog.js";
import { compareCatalogs } from "../../src/diff/compare.js";
import type { Step } from "../../src/diff/plan.js";
import type { Connection } from "../../src/engine/connection.js";
import { createEngine } from "../../src/engine/engine.js";
import { DatabaseError } from "../../src/engine/errors.js";
import { describe } from "../../src/kinds/index.js";
import type { Request } from "../../src/kinds/kind.js";
import { readCatalog } from "../../src/kinds/read.js";
import { type Change, type ChangeOptions, computeChange } from "../../src/migrate/change.js";
import type { Decider } from "../../src/migrate/decide.js";
import { readExternals } from "../../src/scratch/externals.js";
import { reprint } from "../../src/scratch/reprint.js";
import { settle } from "../../src/scratch/settle.js";
import { quotePath } from "../../src/sql/identifier.js";
import { differences, type Fingerprint, fingerprintOf } from "./oracle.js";
import { queryRows } from "./query.js";
import { insertRows, lostRows, type RowModel, type Rows, readRowModel, readRows } from "./rows.js";

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
  /** Tables that could not be given rows, or whose rows the other side refuses. */
  readonly without: readonly string[];
}

/**
 * What is not to be compared: relations that are not managed, indexes that follow one of a table above, which PostgreSQL
 * names, and checks from above that were not validated, which new partitions have as valid.
 */
const unmanagedQuery = `
  SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_index i ON i.indexrelid = c.oid
  LEFT JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid AND c.relkind = 'S' AND d.deptype IN ('a', 'i') AND d.refobjsubid > 0
  JOIN pg_class r ON r.oid = coalesce(i.indrelid, d.refobjid, c.oid)
  WHERE c.relispartition AND c.relkind IN ('i', 'I')
  UNION ALL SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname) || '.' || quote_ident(k.conname)
    FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE k.contype = 'c' AND k.coninhcount > 0 AND NOT k.convalidated`;

const managedKinds: ReadonlySet<string> = new Set([
  ..."schema extension enum domain sequence table column attribute constraint index".split(" "),
  ..."function procedure aggregate".split(" "),
  ..."collation conversion cast operator language transform publication subscription".split(" "),
  ...["composite type", "range type", "view", "materialized view", "operator family", "operator class"],
  ...["access method", "text search parser", "text search template", "text search dictionary"],
  ...["text search configuration", "foreign data wrapper", "foreign server", "user mapping", "foreign table"],
  ...["trigger", "rule", "policy", "event trigger", "statistics", "default privileges", "security label"],
]);

interface Print {
  readonly fingerprint: Fingerprint;
  readonly unmanaged: readonly string[];
}

async function printOf(url: string, owners: boolean): Promise<Print> {
  const names = await queryRows<{ name: string }>(url, unmanagedQuery);
  return {
    fingerprint: withoutOwnersShare(
      await fingerprintOf(url, { populated: false, acl: true, owners, inheritanceLocality: false }),
    ),
    unmanaged: names.map(({ name }) => name),
  };
}

/** What owners have revoked from themselves stays, whatever the goal is. */
function withoutOwnersShare(fingerprint: Fingerprint): Fingerprint {
  const entries = [...fingerprint.entries].map(
    ([key, text]) => [key, text.replaceAll(/<owner>=[A-Z/*]+/g, "<owner>")] as const,
  );
  return { ...fingerprint, entries: new Map(entries) };
}

/** What the oracle sees between two databases, among what is managed. */
function managedDifferences(a: Print, b: Print): Promise<string> {
  const names = [...a.unmanaged, ...b.unmanaged];
  return differences(a.fingerprint, b.fingerprint, {
    kinds: (kind) => managedKinds.has(kind),
    keep: (key) => !names.some((name) => key.endsWith(` ${name}`) || key.includes(` ${name}.`)),
  });
}

/**
 * Turns the first database into the likes of the second and back and there again, with rows in it. `scratch` is empty.
 *
 * @throws AssertionError where anything is not as it should be, RefusedStep where PostgreSQL refuses a step, AthanorError
 * `plan.*`
 */
export function checkTransition(
  urls: { readonly live: string; readonly goal: string; readonly scratch: string },
  options: Partial<ChangeOptions> & TrialOptions = {},
): Promise<Outcome> {
  return withConnection(urls.scratch, (scratch) =>
    withConnection(urls.live, (live) =>
      withConnection(urls.goal, (goal) => new Trial({ live, goal, scratch }, urls, options).run()),
    ),
  );
}

/** Where a trial has to arrive. */
interface Place {
  readonly catalog: Catalog;
  readonly print: Print;
}

class Trial {
  readonly without = new Set<string>();

  constructor(
    readonly on: { readonly live: Connection; readonly goal: Connection; readonly scratch: Connection },
    readonly urls: { readonly live: string; readonly goal: string },
    readonly options: Partial<ChangeOptions> & TrialOptions,
  ) {}

  async run(): Promise<Outcome> {
    const { live, goal } = this.on;
    const start: Place = await this.#place(live, this.urls.live);
    const end: Place = await this.#place(goal, this.urls.goal);
    const change = await computeChange(start.catalog, end.catalog, {
      decider: noRenames,
      scratch: async () => this.on.scratch,
      externals: this.#externals,
      ...this.options,
    });
    const refused = await insertRows(live, await readRowModel(live), await readRowModel(goal));
    for (const name of refused) this.without.add(name);
    await this.#go(change.up, end, "up");
    await this.#go(change.down, start, "down");
    await this.#go(change.up, end, "up again");
    return { change, without: [...this.without] };
  }

  async #place(connection: Connection, url: string): Promise<Place> {
    const owners = this.options.also?.includes("owners") ?? false;
    return { catalog: await read(connection, this.options), print: await printOf(url, owners) };
  }

  readonly #externals = async () => [
    ...(await readExternals(this.on.live, "*")),
    ...(await readExternals(this.on.goal, "*")),
  ];

  async #go(steps: readonly Step[], place: Place, when: string): Promise<void> {
    const { live, scratch } = this.on;
    const lost = await this.#withRows(steps);
    const now = await this.#place(live, this.urls.live);
    assert.equal(await managedDifferences(now.print, place.print), "", `${when}: the oracle`);
    const again = (catalog: Catalog) => reprint(scratch, catalog, { externals: this.#externals, lenient: true });
    const settled = await settle(now.catalog, place.catalog, again);
    // What an owner has revoked from itself stays: no models speak of it.
    const left = compareCatalogs(settled, place.catalog).filter(
      (each) => each.op !== "drop" || each.from.kind !== "own privileges",
    );
    assert.deepEqual(
      left.map((each) => `${each.op} ${describe(each.op === "drop" ? each.from : each.to)}`),
      [],
      `${when}: comparing again`,
    );
    assert.deepEqual(lost, [], `${when}: rows`);
  }

  /** Where rows don't fit PostgreSQL says so, and the step has to have warned: then it is tried without them. */
  async #withRows(steps: readonly Step[]): Promise<string[]> {
    const { live } = this.on;
    const model = await readRowModel(live);
    for (;;) {
      const rows = await readRows(live, model);
      try {
        await runSteps(live, steps);
      } catch (error) {
        if (!(error instanceof RefusedStep) || !/^2[23]/.test(error.refusal.sqlstate ?? "")) throw error;
        // A default that its own type refuses is nothing to warn of.
        const ownDefault = / ADD COLUMN .* DEFAULT /.test(error.step.sql);
        assert.ok(ownDefault || error.step.hazards.includes("may-fail"), `no warning of: ${error.message}`);
        await this.#empty(error, model, rows);
        continue;
      }
      const now = await readRowModel(live);
      const lost = lostRows(rows, model, await readRows(live, now), now);
      // A plan that was told how to change values changes them.
      return this.options.plan === undefined ? lost : [];
    }
  }

  /** Empties the table that the step is about; all, where that is not plain to see or was not enough. */
  async #empty(refused: RefusedStep, model: RowModel, rows: Rows): Promise<void> {
    if ([...rows.values()].every((list) => list.length === 0)) throw refused;
    const { step } = refused;
    const tables = [...model.tables].map(([id, { path }]) => ({ id, name: quotePath(path) }));
    const filled = tables.filter(({ id }) => rows.get(id)?.length !== 0);
    const concerned = filled.filter(({ name }) => step.sql.includes(name));
    const names = (concerned.length > 0 ? concerned : filled).map(({ name }) => name);
    for (const name of names) this.without.add(name);
    await this.on.live.script(`TRUNCATE ${names.join(", ")} CASCADE`);
  }
}

/** What a trial looks at beside what is always looked at. */
export interface TrialOptions {
  readonly also?: readonly Request[];
}

function read(connection: Connection, { also = [] }: TrialOptions): Promise<Catalog> {
  return readCatalog(connection, { schemas: "*", also });
}
