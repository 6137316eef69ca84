/** Triggers of tables and of views. Those that partitions have from their parents, and those of foreign keys, are not their own. */

import { type CatalogObject, objectId, sameData } from "../catalog/catalog.js";
import type { TriggerDeclaration, TriggerEvent } from "../model/declarations.js";
import { quoteIdentifier, quoteLiteral, quotePath } from "../sql/identifier.js";
import {
  attachedBase,
  type Carrier,
  carriersOf,
  enabledCode,
  type FiringState,
  firingState,
  stateField,
} from "./attached.js";
import { constraintSlots, deferrableClause } from "./constraint.js";
import type { Alteration, Kind, Statement } from "./kind.js";
import {
  columnsCode,
  elementOptions,
  parseQualified,
  qualifiedCode,
  type SourceContext,
  stringCode,
  stringList,
} from "./source.js";
import { columnNames, compact, jsonObject, notMember } from "./statements.js";
import { isTriggerState } from "./trigger-state.js";

export interface TriggerDefinition {
  readonly timing: "before" | "after" | "instead of";
  readonly events: readonly TriggerEvent[];
  /** UPDATE OF. */
  readonly columns?: readonly string[];
  /** FOR EACH STATEMENT; else FOR EACH ROW. */
  readonly perStatement?: true;
  readonly oldTable?: string;
  readonly newTable?: string;
  readonly when?: string;
  /** As SQL, qualified. */
  readonly function: string;
  readonly arguments?: readonly string[];
  readonly constraint?: true;
  readonly deferrable?: "immediate" | "deferred";
  /** The other table of a constraint trigger, as SQL. */
  readonly from?: string;
  readonly state?: FiringState;
}

/** Bits of `tgtype` (src/include/catalog/pg_trigger.h), in the order in which PostgreSQL prints events. */
const events: Readonly<Record<TriggerEvent, number>> = { insert: 4, delete: 8, update: 16, truncate: 32 };

/**
 * `tgqual` can't be printed by itself, since it speaks of two rows: what stands between `WHEN (` and `) EXECUTE FUNCTION` of
 * the whole statement `d.def`, quoted names before it and quoted arguments after it being passed over.
 */
const whenField = String.raw`CASE WHEN g.tgqual IS NOT NULL THEN regexp_replace(
        regexp_replace(d.def, '^(?:[^"]|"[^"]*")*? FOR EACH (?:ROW|STATEMENT) WHEN \(', ''),
        '\) EXECUTE FUNCTION [^'']*\((?:''(?:[^'']|'''')*''(?:, )?)*\)$', '') END`;

/** The arguments' bytes may be of any encoding, so they are read from the statement too. */
const argumentsField = String.raw`CASE WHEN g.tgnargs > 0 THEN (SELECT json_agg(replace(m[1], '''''', ''''))
        FROM regexp_matches(substring(d.def FROM '(?:''(?:[^'']|'''')*''(?:, )?)+\)$'), '''((?:[^'']|'''')*)''', 'g') m) END`;

function triggerKindOf(carrier: Carrier): Kind<TriggerDefinition> {
  return {
    ...attachedBase("trigger", carrier),

    seenIn: "pg_trigger WHERE NOT tgisinternal",
    query: () => `
    SELECT 'pg_trigger'::regclass::oid, g.oid, 0, 'pg_constraint/' || nullif(g.tgconstraint, 0),
      json_build_array(c.nspname, c.relname, g.tgname), obj_description(g.oid, 'pg_trigger'),
      ${jsonObject({
        timing: "CASE WHEN g.tgtype & 2 <> 0 THEN 'before' WHEN g.tgtype & 64 <> 0 THEN 'instead of' ELSE 'after' END",
        events: `array_to_json(array_remove(ARRAY[${Object.entries(events).map(([event, bit]) => `CASE WHEN g.tgtype & ${bit} <> 0 THEN '${event}' END`)}], NULL))`,
        columns: `CASE WHEN g.tgattr::text <> '' THEN ${columnNames("g.tgrelid", "g.tgattr::int2[]")} END`,
        perStatement: "CASE WHEN g.tgtype & 1 = 0 THEN true END",
        oldTable: "g.tgoldtable",
        newTable: "g.tgnewtable",
        when: whenField,
        function: "quote_ident(fn.nspname) || '.' || quote_ident(f.proname)",
        arguments: argumentsField,
        constraint: "CASE WHEN g.tgconstraint <> 0 THEN true END",
        deferrable: "CASE WHEN g.tginitdeferred THEN 'deferred' WHEN g.tgdeferrable THEN 'immediate' END",
        from: `(SELECT quote_ident(xn.nspname) || '.' || quote_ident(x.relname)
          FROM pg_class x JOIN pg_namespace xn ON xn.oid = x.relnamespace WHERE x.oid = g.tgconstrrelid)`,
        state: stateField("g.tgenabled"),
      })}
    FROM pg_trigger g JOIN ${carrier.relations} c ON c.oid = g.tgrelid
      JOIN pg_proc f ON f.oid = g.tgfoid JOIN pg_namespace fn ON fn.oid = f.pronamespace
      CROSS JOIN LATERAL (SELECT pg_get_triggerdef(g.oid) AS def) d
    WHERE NOT g.tgisinternal AND g.tgparentid = 0 AND ${notMember("pg_trigger", "g.oid")}`,

    *declare(declarations) {
      for (const { schema, name: relation, triggers } of carriersOf(declarations, carrier))
        for (const trigger of triggers)
          yield {
            path: [schema, relation, trigger.name],
            comment: trigger.comment,
            definition: triggerDefinition(trigger),
          };
    },

    create: (object) => [createTrigger("CREATE", object), ...firingState("TRIGGER", object, undefined)],

    /** CREATE OR REPLACE, which there is not for constraint triggers, and after which the trigger fires again. */
    alter(from, to): Alteration {
      const { state: before, ...old } = from.definition;
      const { state: _, ...now } = to.definition;
      // Partitions fire as the table does from then on, and have to be told anew where they don't.
      const disturbs = isTriggerState;
      if (sameData(old, now)) return { op: "statements", statements: firingState("TRIGGER", to, before), disturbs };
      if (old.constraint || now.constraint) return { op: "replace" };
      return {
        op: "statements",
        statements: [createTrigger("CREATE OR REPLACE", to), ...firingState("TRIGGER", to, undefined)],
        disturbs,
      };
    },
    slots: (object) => (object.definition.constraint ? constraintSlots(object) : []),

    source: (object, context) => ({ at: "list", option: "triggers", code: () => triggerCode(object, context) }),
  };
}

export const triggerKind = triggerKindOf({ kind: "table", relations: "managed_table" });
export const viewTriggerKind = triggerKindOf({ kind: "view", relations: "managed_view" });

function createTrigger(verb: string, { path, definition }: CatalogObject<TriggerDefinition>): Statement {
  const { timing, columns, perStatement, oldTable, newTable, when, constraint, deferrable, from } = definition;
  const of = columns === undefined ? "" : ` OF ${columns.map(quoteIdentifier).join(", ")}`;
  const fired = definition.events.map((event) => event.toUpperCase() + (event === "update" ? of : ""));
  const transitions = [
    ...(oldTable === undefined ? [] : [`OLD TABLE AS ${quoteIdentifier(oldTable)}`]),
    ...(newTable === undefined ? [] : [`NEW TABLE AS ${quoteIdentifier(newTable)}`]),
  ];
  const values = (definition.arguments ?? []).map((value) => quoteLiteral(value).trimStart());
  const lines = [
    `${verb} ${constraint ? "CONSTRAINT " : ""}TRIGGER ${quoteIdentifier(path[2] ?? "")} ${timing.toUpperCase()} ${fired.join(" OR ")} ON ${quotePath(path.slice(0, 2))}`,
    ...(from === undefined ? [] : [`FROM ${from}`]),
    ...(deferrable === undefined ? [] : [deferrableClause(deferrable).trimStart()]),
    ...(transitions.length === 0 ? [] : [`REFERENCING ${transitions.join(" ")}`]),
    `FOR EACH ${perStatement ? "STATEMENT" : "ROW"}`,
    ...(when === undefined ? [] : [`WHEN (${when})`]),
    `EXECUTE FUNCTION ${definition.function}(${values.join(", ")})`,
  ];
  return { sql: lines.join(" ") };
}

function triggerDefinition(declared: TriggerDeclaration): TriggerDefinition {
  return compact<TriggerDefinition>({
    timing: declared.timing,
    events: declared.events,
    columns: declared.columns,
    perStatement: declared.perStatement || null,
    oldTable: declared.oldTable,
    newTable: declared.newTable,
    when: declared.when,
    function: declared.function,
    arguments: declared.arguments,
    constraint: declared.constraint || null,
    deferrable: declared.deferrable === "no" ? null : declared.deferrable,
    from: declared.from,
    state: declared.state,
  });
}

/** `trigger("touch", { before: "update", of: [c.email], call: touch })`. */
function triggerCode({ path, comment, definition }: CatalogObject<TriggerDefinition>, context: SourceContext): string {
  const { timing, columns, when, perStatement, constraint, from } = definition;
  const [only, second] = definition.events;
  const fired = second === undefined && only !== undefined ? stringCode(only) : stringList(definition.events);
  const name = (value: string | undefined) => (value === undefined ? null : stringCode(value));
  const options = elementOptions({
    [timing === "instead of" ? "insteadOf" : timing]: fired,
    of: columns === undefined ? null : `[${columnsCode(path.slice(0, 2), columns, context)}]`,
    for: perStatement ? stringCode("statement") : null,
    oldTable: name(definition.oldTable),
    newTable: name(definition.newTable),
    when: when === undefined ? null : context.sql(path, when),
    call: functionCode(definition.function, context),
    arguments: definition.arguments === undefined ? null : stringList(definition.arguments),
    constraint: constraint ? "true" : null,
    deferrable: name(definition.deferrable),
    from: from === undefined ? null : qualifiedCode(from),
    enabled: enabledCode(definition.state),
    comment: comment === null ? null : stringCode(comment),
  });
  return `${context.use("trigger")}(${stringCode(path[2] ?? "")}, ${options})`;
}

/** The function's constant, and where it has none its name. */
export function functionCode(name: string, context: SourceContext): string {
  const [schema = ""] = parseQualified(name);
  // Spelt as PostgreSQL spells it, as a function's path is.
  const own = name.replace(/^(?:"(?:[^"]|"")*"|[^."]+)\./, "");
  return context.constant(objectId("function", [schema, `${own}()`])) ?? qualifiedCode(name);
}
