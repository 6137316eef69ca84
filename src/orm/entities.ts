/** Rows of a statement over models: values as their columns read them, and instances in place of an entity's columns. */

import type { QueryOptions } from "../engine/connection.js";
import type { InstanceState } from "../model/state.js";
import type { CompiledStatement } from "../query/compile.js";
import type { ColumnPlan, EntityPlan } from "../query/element.js";
import { namesOf, parsersOf } from "../query/read.js";
import { objectOf, type RowOptions } from "./load.js";
import { loadEager } from "./load-related.js";
import { mapperOf } from "./mapper.js";
import type { Executor, RawRow } from "./statement.js";
import type { UnitOfWork } from "./unit-of-work.js";

/** Rows by position, and the names of what they hold. */
export interface EntityRows {
  readonly columns: readonly string[];
  readonly rows: unknown[][];
  readonly rowCount: number;
}

/** Sends a statement and reads its rows; what is to be loaded with its instances is loaded. */
export async function executeStatement(
  work: UnitOfWork,
  executor: Executor,
  { text, parameters, columns: plan }: CompiledStatement,
  options: QueryOptions & RowOptions,
): Promise<EntityRows> {
  if (plan.length === 0) return executor.run(text, parameters, options);
  const result = await executor.run(text, parameters, { ...options, parsers: rowParsers(plan) });
  const entities = plan.filter((element) => element.kind === "entity");
  if (entities.length === 0) return { columns: namesOf(plan), rows: result.rows, rowCount: result.rowCount };
  const found = new Map<EntityPlan, Set<InstanceState>>(entities.map((entity) => [entity, new Set()]));
  const rows = result.rows.map((row) => {
    let at = 0;
    return plan.map((element) => {
      if (element.kind === "value") return row[at++];
      at = element.offset + element.count;
      // An entity's columns were left as text: see rowParsers.
      const state = objectOf(work, mapperOf(element.definition), row as RawRow, element.offset, options);
      if (state !== null) found.get(element)?.add(state);
      return state?.instance ?? null;
    });
  });
  for (const [{ definition }, states] of found)
    await loadEager(work, executor, [...states], mapperOf(definition).relations.values());
  return { columns: namesOf(plan), rows, rowCount: result.rowCount };
}

const asText = (text: string): unknown => text;

/** As `parsersOf`, but an entity's columns stay text: those that are loaded already are not read again. */
function rowParsers(plan: readonly ColumnPlan[]): QueryOptions["parsers"] & object {
  return plan.flatMap((element) =>
    element.kind === "value" ? parsersOf([element]) : Array(element.count).fill(asText),
  );
}
