/** What hangs on a table or a view: triggers, rules and policies, as declarations. */

import { Column } from "../../sql/column.js";
import type { SqlFragment } from "../../sql/fragment.js";
import { quoteQualified } from "../../sql/ordering.js";
import { type Selectable, TableAlias } from "../../sql/selectable.js";
import { declarationOf } from "../brand.js";
import type {
  EventTriggerDeclaration,
  Firing,
  PartNamed,
  PolicyDeclaration,
  RuleDeclaration,
  StatisticsDeclaration,
  TableDeclaration,
  TriggerDeclaration,
} from "../declarations.js";
import { columnExpressions, type PlainModelOptions, siblings } from "../definition.js";
import type { Policy } from "../policies.js";
import type { Problems } from "../problems.js";
import type { FunctionDefinition } from "../routines.js";
import { modelTable } from "../source.js";
import type { Statistics } from "../statistics.js";
import type { Enabled, EventTriggerDefinition, Rule, Trigger, TriggerFunction } from "../triggers.js";
import type { DeclareContext } from "./declare-types.js";
import { ownColumns } from "./foreign-keys.js";
import { checkName, type NameBook } from "./names.js";
import { type TableMetadata, targetColumns } from "./read.js";
import { wellShaped } from "./shapes.js";

/** As the model's options give them. */
export interface Attached {
  readonly triggers: readonly Trigger[];
  readonly rules: readonly Rule[];
  readonly policies: readonly Policy[];
  readonly statistics: readonly Statistics[];
}

/** The callbacks that models and partitions can give. */
export type AttachedOptions = Pick<PlainModelOptions, "triggers" | "rules" | "policies" | "statistics">;

/**
 * Calls the callbacks of a model, with columns that throw where one is misspelt. Those of a partition speak of it by its
 * own name.
 */
export function readAttached(
  { definition, label, name }: TableMetadata,
  problems: Problems,
  { triggers, rules, policies, statistics }: AttachedOptions = definition.options,
): Attached {
  const bare = columnExpressions(definition, null);
  // The proxy has the columns as they are, and throws for what is none.
  const guarded = (columns: typeof bare) => siblings(columns, label) as typeof bare;
  const of = (from: Selectable) => guarded(readFrom(bare, from));
  const row = (name: "old" | "new") => of(new TableAlias(modelTable(definition), name));
  const table = modelTable(definition);
  const relation = name === table.qualifier.at(-1) ? table : table.as(name);
  const given = <T>(option: keyof Attached, callback: (() => readonly T[]) | undefined): readonly T[] => {
    if (callback === undefined) return [];
    return wellShaped(
      option,
      problems.attempt("model.options", `The ${option} of ${label}`, callback),
      label,
      problems,
    );
  };
  return {
    triggers: given("triggers", triggers && (() => triggers(guarded(bare), row("old"), row("new")))),
    rules: given("rules", rules && (() => rules(row("old"), row("new")))),
    statistics: given("statistics", statistics && (() => statistics(guarded(bare)))),
    policies: given("policies", policies && (() => policies(of(relation)))),
  };
}

/** The columns of the model's own table, as of a row or of the table by its name. */
function readFrom(
  bare: Readonly<Record<string, Column<unknown>>>,
  from: Selectable,
): Readonly<Record<string, Column<unknown>>> {
  const columns = Object.entries(bare).map(([property, { name, origin, type }]) => [
    property,
    new Column(name, { origin, type, from }),
  ]);
  return Object.fromEntries(columns);
}

/** The functions among what triggers call: they are declared with them. */
export function calledBy({ triggers }: Attached): readonly FunctionDefinition[] {
  return triggers.flatMap(({ options }) => functionOf(options.call) ?? []);
}

/** The function that an event trigger calls, where it is one of the models. */
export function functionOf(call: TriggerFunction): FunctionDefinition | null {
  const declaration = declarationOf(call);
  return declaration?.kind === "function" ? declaration : null;
}

export interface AttachedContext extends DeclareContext {
  readonly table: TableMetadata;
  readonly names: NameBook;
}

/** The part of a table's or a view's declaration that is about them. */
export function declareAttached(
  { triggers, rules, policies, statistics }: Attached,
  context: AttachedContext,
): Pick<TableDeclaration, "triggers" | "rules" | "policies" | "statistics"> {
  return {
    triggers: triggers.map((each) => declareTrigger(each, context)),
    rules: rules.map((each) => declareRule(each, context)),
    policies: policies.map((each) => declarePolicy(each, context)),
    statistics: statistics.map((each) => declareStatistics(each, context)),
  };
}

function declareTrigger({ name, options }: Trigger, context: AttachedContext): TriggerDeclaration {
  const part = declarePart("trigger", name, options, context);
  const timing = options.before !== undefined ? "before" : options.after !== undefined ? "after" : "instead of";
  const events = [options.before ?? options.after ?? options.insteadOf ?? []].flat();
  const columns = ownColumns(context.table, options.of ?? [], "A trigger", context.problems) ?? [];
  const constraint = options.constraint ?? (options.deferrable !== undefined || options.from !== undefined);
  if (events.length === 0 || (columns.length > 0 && !events.includes("update")))
    context.problems.add(
      "model.trigger_events",
      `${part.origin} ${events.length === 0 ? "fires on no event; give it some, such as" : "names columns of an UPDATE on which it does not fire; give it"} "update".`,
    );
  return {
    ...part,
    ...declareFiring(options),
    timing,
    events,
    columns: columns.map((column) => column.name),
    perStatement: options.for === "statement",
    oldTable: options.oldTable ?? null,
    newTable: options.newTable ?? null,
    when: optionalSql(options.when, part.origin, context),
    function: functionName(options.call, context),
    arguments: options.arguments ?? [],
    constraint,
    deferrable: options.deferrable ?? "no",
    from: options.from === undefined ? null : quoteQualified(options.from),
  };
}

function declareRule({ name, options }: Rule, context: AttachedContext): RuleDeclaration {
  const part = declarePart("rule", name, options, context);
  const action = options.instead ?? options.also;
  return {
    ...part,
    ...declareFiring(options),
    event: options.on,
    where: optionalSql(options.where, part.origin, context),
    instead: options.instead !== undefined,
    action: action === "nothing" ? "NOTHING" : (optionalSql(action, part.origin, context) ?? "NOTHING"),
  };
}

function declarePolicy({ name, options }: Policy, context: AttachedContext): PolicyDeclaration {
  const part = declarePart("policy", name, options, context);
  const roles = options.to ?? [];
  for (const role of roles) checkName(role, `A role of ${part.origin}`, context.problems);
  return {
    ...part,
    command: options.for ?? "all",
    roles,
    using: optionalSql(options.using, part.origin, context),
    check: optionalSql(options.check, part.origin, context),
    restrictive: options.restrictive ?? false,
  };
}

function declareStatistics({ name, options }: Statistics, context: AttachedContext): StatisticsDeclaration {
  const { table, names, problems } = context;
  const origin = `statistics(${JSON.stringify(name)}) of ${table.label}`;
  const schema = options.schema ?? table.schema;
  // They share the names of a schema, whatever table they are of.
  names.takePart("statistics", [schema], name, origin);
  const columns = options.on.flatMap((element) => targetColumns(element));
  const expressions = options.on.filter((element) => targetColumns(element).length === 0);
  return {
    ...partNamed(origin, name, options),
    schema,
    kinds: options.kinds ?? [],
    columns: (ownColumns(table, columns, "Statistics", problems) ?? []).map((column) => column.name),
    expressions: expressions.map((expression) => problems.sql(expression, origin)),
    target: options.target ?? null,
  };
}

/** An event trigger, which is named in the database. */
export function declareEventTrigger(
  { name, options }: EventTriggerDefinition,
  context: DeclareContext & { readonly names: NameBook },
): EventTriggerDeclaration {
  const origin = `eventTrigger(${JSON.stringify(name)})`;
  context.names.takePart("event trigger", [], name, origin);
  return {
    ...partNamed(origin, name, options),
    ...declareFiring(options),
    event: options.on,
    tags: options.tags ?? [],
    function: functionName(options.call, context),
  };
}

function declarePart(
  word: "trigger" | "rule" | "policy",
  name: string,
  options: Said,
  { table, names }: AttachedContext,
): PartNamed {
  const origin = `${word}(${JSON.stringify(name)}) of ${table.label}`;
  names.takePart(word, [table.schema, table.name], name, origin);
  return partNamed(origin, name, options);
}

/** What each of them may say. */
interface Said {
  readonly comment?: string;
  readonly renamedFrom?: string;
}

function partNamed(origin: string, name: string, { comment, renamedFrom }: Said): PartNamed {
  return { origin, name, comment: comment ?? null, renamedFrom: renamedFrom ?? null };
}

function declareFiring({ enabled }: { readonly enabled?: Enabled }): Firing {
  return { state: enabled === undefined ? null : enabled === false ? "disabled" : enabled };
}

function functionName(call: TriggerFunction, { defaultSchema }: DeclareContext): string {
  const declared = functionOf(call);
  if (declared !== null) return quoteQualified([declared.schema ?? defaultSchema, declared.name]);
  // What declares no function is its name.
  return quoteQualified(call as Exclude<TriggerFunction, object> | readonly [string, string]);
}

function optionalSql(fragment: SqlFragment | undefined, origin: string, { problems }: DeclareContext): string | null {
  return fragment === undefined ? null : problems.sql(fragment, origin);
}
