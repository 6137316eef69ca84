/** Whether a trigger that a partition has from the table above fires otherwise than it does there. */

import { type Catalog, type CatalogObject, objectId, sameData } from "../catalog/catalog.js";
import { displayName, quoteIdentifier } from "../sql/identifier.js";
import { enabledCode, type FiringState, stateAction, stateField } from "./attached.js";
import { ancestorsOf, heirsOf } from "./family.js";
import type { Kind, PlanContext, Statement } from "./kind.js";
import { fieldCodes } from "./source.js";
import { alterTable } from "./statements.js";

export interface TriggerStateDefinition {
  readonly state: FiringState | "enabled";
}

/** Its path: the partition's, and the trigger's name. */
export const triggerStateKind: Kind<TriggerStateDefinition> = {
  name: "trigger state",
  parent: "table",

  seenIn: "pg_trigger WHERE tgparentid <> 0",
  // In PostgreSQL 14 all such triggers are internal; those of foreign keys and the like are so everywhere, and nobody's.
  query: () => `
    SELECT 0::oid, g.oid, 0, NULL::text, json_build_array(c.nspname, c.relname, g.tgname), NULL::text,
      json_build_object('state', coalesce(${stateField("g.tgenabled")}, 'enabled'))
    FROM pg_trigger g JOIN pg_trigger above ON above.oid = g.tgparentid JOIN managed_table c ON c.oid = g.tgrelid
    WHERE g.tgenabled <> above.tgenabled AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.oid = g.tgconstraint AND k.contype <> 't')`,

  *declare({ tables }) {
    for (const { schema, name, triggerStates } of tables)
      for (const [trigger, state] of Object.entries(triggerStates))
        yield { path: [schema, name, trigger], comment: null, definition: { state } };
  },

  create: (object) => [fire(object.path, object.definition.state)],
  alter: (_from, to) => ({
    op: "statements",
    statements: [fire(to.path, to.definition.state)],
    disturbs: isTriggerState,
  }),
  // What changes above is changed here too.
  drop: ({ path }, context) =>
    needsAbove(path, context.from.objects).some((id) => changes(id, context))
      ? []
      : [fire(path, stateAbove(path, context))],
  dropsWith: ({ path }, { objects }) => triggersAbove(path, objects),
  needs: ({ path }, objects) => needsAbove(path, objects),
  describe: (_object, path) => `state of trigger ${displayName(path)}`,

  source: ({ path, definition: { state } }) => ({
    at: "entry",
    option: "triggerStates",
    form: "object",
    code: () => fieldCodes({ [path[2] ?? ""]: state === "enabled" ? "true" : enabledCode(state) }),
  }),
};

/** Those that change with the trigger above, or with the state that it has on the way to them. */
export function isTriggerState({ kind }: Pick<CatalogObject, "kind">): boolean {
  return kind === "trigger state";
}

/** Statements that make the triggers of a partition, and of its own, fire as they do: of one that has just been attached. */
export function triggerStatesWithin(partition: readonly string[], catalog: Catalog): readonly Statement[] {
  const tables = [partition, ...heirsOf(catalog, partition).map(({ path }) => path)];
  const states = [...catalog.objects.values()].filter(isTriggerState) as CatalogObject<TriggerStateDefinition>[];
  return tables.flatMap((table) =>
    states
      .filter(({ path }) => sameData(path.slice(0, 2), table))
      .map(({ path, definition }) => ({
        ...fire(path, definition.state),
        sentence: `alter state of trigger ${displayName(path)}`,
      })),
  );
}

function fire(path: readonly string[], state: TriggerStateDefinition["state"]): Statement {
  const action = stateAction(state === "enabled" ? undefined : state);
  return { sql: alterTable(path, `${action} TRIGGER ${quoteIdentifier(path[2] ?? "")}`) };
}

/** The trigger itself, on one of the tables above. */
function triggersAbove(path: readonly string[], objects: PlanContext["from"]["objects"]): readonly string[] {
  return ancestorsOf({ objects }, path).map((table) => objectId("trigger", [...table, path[2] ?? ""]));
}

/** And what is said of it on the way: that goes for the partitions of a partition too, unless they say another. */
function needsAbove(path: readonly string[], objects: PlanContext["from"]["objects"]): readonly string[] {
  const states = ancestorsOf({ objects }, path).map((table) => objectId("trigger state", [...table, path[2] ?? ""]));
  return [...triggersAbove(path, objects), ...states];
}

function changes(id: string, { from, to }: PlanContext): boolean {
  return !sameData(from.objects.get(id)?.definition, to.objects.get(id)?.definition);
}

/** As it fires on the nearest table above that says so. */
function stateAbove(path: readonly string[], { from }: PlanContext): TriggerStateDefinition["state"] {
  for (const table of ancestorsOf(from, path))
    for (const kind of ["trigger state", "trigger"]) {
      const found = from.objects.get(objectId(kind, [...table, path[2] ?? ""]));
      // Both kinds' definitions have this.
      if (found !== undefined) return (found.definition as { readonly state?: FiringState }).state ?? "enabled";
    }
  return "enabled";
}
