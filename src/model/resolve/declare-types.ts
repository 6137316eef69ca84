/** Types and standalone objects, as declarations. */

import { quoteQualified } from "../../sql/ordering.js";
import type { SequenceSettings } from "../column.js";
import type {
  CompositeDeclaration,
  DomainDeclaration,
  EnumDeclaration,
  Named,
  RangeDeclaration,
  SequenceDeclaration,
  SequenceOptions,
} from "../declarations.js";
import { snakeCase } from "../naming.js";
import type {
  CompositeDefinition,
  DomainDefinition,
  EnumDefinition,
  NamedDefinition,
  RangeDefinition,
  SequenceDefinition,
} from "../objects.js";
import type { Problems } from "../problems.js";
import type { Tables } from "./foreign-keys.js";
import { checkName } from "./names.js";
import { targetColumns, targetDefinition } from "./read.js";

/** What the models' objects are made in: the schema of those that name none, and where problems go. */
export interface DeclareContext {
  readonly defaultSchema: string;
  readonly problems: Problems;
}

/** What every named object has. */
export function named(origin: string, definition: NamedDefinition, context: DeclareContext): Named {
  const { name, schema, comment, renamedFrom } = definition;
  return { origin, name, schema: schema ?? context.defaultSchema, comment, renamedFrom };
}

export function declareEnum(definition: EnumDefinition, context: DeclareContext): EnumDeclaration {
  const origin = `pgEnum(${JSON.stringify(definition.name)})`;
  const { labels, renamedLabels, replacedLabels } = definition;
  const wrong = (message: string) => context.problems.add("model.enum_labels", `${origin} ${message}`);
  for (const [i, label] of labels.entries()) {
    if (typeof label !== "string")
      wrong(`has the label ${String(label)}, which is no text; give a TypeScript enum string values.`);
    else if (Buffer.byteLength(label) > 63)
      wrong(
        `has the label ${JSON.stringify(label)} of ${Buffer.byteLength(label)} bytes, and PostgreSQL takes 63; choose a shorter one.`,
      );
    if (labels.indexOf(label) < i) wrong(`has the label ${JSON.stringify(label)} twice; remove one.`);
  }
  for (const [to, from] of Object.entries(renamedLabels)) {
    if (!labels.includes(to))
      wrong(
        `renames ${JSON.stringify(from)} to ${JSON.stringify(to)}, which is none of its labels; correct renamedLabels.`,
      );
  }
  for (const [gone, to] of Object.entries(replacedLabels)) {
    if (!labels.includes(to))
      wrong(
        `replaces ${JSON.stringify(gone)} by ${JSON.stringify(to)}, which is none of its labels; correct replacedLabels.`,
      );
  }
  return { ...named(origin, definition, context), labels, renamedLabels, replacedLabels };
}

export function declareDomain(definition: DomainDefinition, context: DeclareContext): DomainDeclaration {
  const origin = `domain(${JSON.stringify(definition.name)})`;
  const { of, notNull, collation, checks } = definition;
  return {
    ...named(origin, definition, context),
    type: of.spec.type.sql(context.defaultSchema),
    notNull,
    default: definition.default === null ? null : context.problems.sql(definition.default, origin),
    collation: collation === null ? null : quoteQualified(collation),
    checks: checks.map((check) => ({
      name: check.name,
      expression: context.problems.sql(check.condition, `${origin}, check ${JSON.stringify(check.name)}`),
      validated: !check.notValid,
      comment: check.comment,
    })),
  };
}

export function declareComposite(definition: CompositeDefinition, context: DeclareContext): CompositeDeclaration {
  const origin = `composite(${JSON.stringify(definition.name)})`;
  return {
    ...named(origin, definition, context),
    attributes: Object.entries(definition.attributes).map(([property, { spec }]) => {
      const name = spec.name ?? snakeCase(property);
      checkName(name, `${origin}.${property}`, context.problems);
      const collation = spec.collation === null ? null : quoteQualified(spec.collation);
      return { name, type: spec.type.sql(context.defaultSchema), collation, comment: spec.comment };
    }),
  };
}

export function declareRange(definition: RangeDefinition, context: DeclareContext): RangeDeclaration {
  const optional = (name: Parameters<typeof quoteQualified>[0] | null) => (name === null ? null : quoteQualified(name));
  return {
    ...named(`rangeType(${JSON.stringify(definition.name)})`, definition, context),
    subtype: definition.subtype.spec.type.sql(context.defaultSchema),
    operatorClass: optional(definition.operatorClass),
    collation: optional(definition.collation),
    canonical: optional(definition.canonical),
    difference: optional(definition.difference),
    multirange: definition.multirange,
  };
}

/** Options as CREATE SEQUENCE takes them. */
export function sequenceOptions(settings: SequenceSettings): SequenceOptions {
  const exact = (value: number | bigint | undefined) => (value === undefined ? null : BigInt(value));
  return {
    start: exact(settings.start),
    increment: exact(settings.increment),
    min: exact(settings.min),
    max: exact(settings.max),
    cache: exact(settings.cache),
    cycle: settings.cycle ?? false,
  };
}

export function declareSequence(
  definition: SequenceDefinition,
  tables: Tables,
  context: DeclareContext,
): SequenceDeclaration {
  const origin = `sequence(${JSON.stringify(definition.name)})`;
  return {
    ...named(origin, definition, context),
    type: definition.type,
    options: sequenceOptions(definition.settings),
    ownedBy: definition.ownedBy === null ? null : ownerColumn(definition.ownedBy, origin, tables, context.problems),
    unlogged: definition.unlogged,
  };
}

function ownerColumn(
  ownedBy: () => unknown,
  origin: string,
  tables: Tables,
  problems: Problems,
): SequenceDeclaration["ownedBy"] {
  const given = problems.attempt("model.sequence_owner", origin, () => ({ value: ownedBy() }));
  const table = given && tables.of(targetDefinition(given.value));
  const [column] = given ? targetColumns(given.value) : [];
  if (table && column) return { schema: table.schema, table: table.name, column: column.name };
  problems.add(
    "model.sequence_owner",
    `${origin} is owned by something that is no column of a loaded model; write ownedBy: () => Model.column.`,
  );
  return null;
}
