/** Sequences that stand on their own or serve a `serial` column; those of identity columns belong to the column. */

import { objectId, sameData } from "../catalog/catalog.js";
import type { SequenceOptions } from "../model/declarations.js";
import { derivedName, displayName, quoteIdentifier, quoteLiteral, quotePath } from "../sql/identifier.js";
import type { Kind, PlanContext, Statement } from "./kind.js";
import { leavesChanging, sequencePersistence } from "./persistence.js";
import { callCode, objectCode, ownFields, type SourceContext, stringCode } from "./source.js";
import { compact, jsonObject, notMember } from "./statements.js";
import { relationSlot, typeFamily, typeOf, typeSlots } from "./type.js";

/** Options that are not PostgreSQL's default, as digits: 64 bits don't fit a JavaScript number. */
export interface SequenceSettings {
  readonly start?: string;
  readonly increment?: string;
  readonly min?: string;
  readonly max?: string;
  readonly cache?: string;
  readonly cycle?: true;
}

export interface SequenceDefinition extends SequenceSettings {
  readonly type: string;
  readonly unlogged?: true;
}

export interface OwnershipDefinition {
  readonly column: readonly string[];
}

const lowest =
  "CASE s.seqtypid WHEN 'int2'::regtype THEN -32768 WHEN 'int4'::regtype THEN -2147483648 ELSE -9223372036854775808 END";
const highest =
  "CASE s.seqtypid WHEN 'int2'::regtype THEN 32767 WHEN 'int4'::regtype THEN 2147483647 ELSE 9223372036854775807 END";

/** The fields of `SequenceSettings` as SQL over a `pg_sequence` named `s`. */
export const sequenceSettingFields: Readonly<Record<string, string>> = {
  start: "nullif(s.seqstart, CASE WHEN s.seqincrement > 0 THEN s.seqmin ELSE s.seqmax END)::text",
  increment: "nullif(s.seqincrement, 1)::text",
  min: `nullif(s.seqmin, CASE WHEN s.seqincrement > 0 THEN 1 ELSE ${lowest} END)::text`,
  max: `nullif(s.seqmax, CASE WHEN s.seqincrement > 0 THEN ${highest} ELSE -1 END)::text`,
  cache: "nullif(s.seqcache, 1)::text",
  cycle: "CASE WHEN s.seqcycle THEN true END",
};

const limits: Readonly<Record<string, readonly [low: bigint, high: bigint]>> = {
  smallint: [-32768n, 32767n],
  integer: [-2147483648n, 2147483647n],
  bigint: [-9223372036854775808n, 9223372036854775807n],
};

/** What a model gives, without what is PostgreSQL's default for the type anyway. */
export function sequenceSettings(options: SequenceOptions, type: string): SequenceSettings {
  const [low, high] = limits[type] ?? [null, null];
  const rising = (options.increment ?? 1n) > 0n;
  const unless = (value: bigint | null, standard: bigint | null) =>
    value === null || value === standard ? null : String(value);
  const min = rising ? 1n : low;
  const max = rising ? high : -1n;
  return compact<SequenceSettings>({
    start: unless(options.start, rising ? (options.min ?? min) : (options.max ?? max)),
    increment: unless(options.increment, 1n),
    min: unless(options.min, min),
    max: unless(options.max, max),
    cache: unless(options.cache, 1n),
    cycle: options.cycle || null,
  });
}

/** `START WITH 10 INCREMENT BY 10`, only what is set; for CREATE SEQUENCE and identity columns. */
export function sequenceClauses(settings: SequenceSettings): string[] {
  return [
    ...(settings.increment === undefined ? [] : [`INCREMENT BY ${settings.increment}`]),
    ...(settings.min === undefined ? [] : [`MINVALUE ${settings.min}`]),
    ...(settings.max === undefined ? [] : [`MAXVALUE ${settings.max}`]),
    ...(settings.start === undefined ? [] : [`START WITH ${settings.start}`]),
    ...(settings.cache === undefined ? [] : [`CACHE ${settings.cache}`]),
    ...(settings.cycle ? ["CYCLE"] : []),
  ];
}

/** What ALTER SEQUENCE (or ALTER COLUMN … SET) takes to turn one set of options into another. */
function sequenceChanges(from: TypedSettings, to: TypedSettings): string[] {
  const rising = Number(to.increment ?? 1) > 0;
  // The default start follows the bounds, so it has to be said once they are no longer the defaults.
  const start = to.start ?? (rising ? (to.min ?? "1") : (to.max ?? "-1"));
  const startBefore = from.start ?? (Number(from.increment ?? 1) > 0 ? (from.min ?? "1") : (from.max ?? "-1"));
  const sameRange = from.increment === to.increment && from.type === to.type;
  // Along with a new type PostgreSQL takes NO MINVALUE for the type's lowest value.
  const [low, high] = from.type === to.type ? [to.min, to.max] : boundsOf(to);
  return [
    ...(from.type === to.type ? [] : [`AS ${to.type}`]),
    ...(from.increment === to.increment ? [] : [`INCREMENT BY ${to.increment ?? "1"}`]),
    ...(from.min === to.min && sameRange ? [] : [low === undefined ? "NO MINVALUE" : `MINVALUE ${low}`]),
    ...(from.max === to.max && sameRange ? [] : [high === undefined ? "NO MAXVALUE" : `MAXVALUE ${high}`]),
    ...(startBefore === start ? [] : [`START WITH ${start}`]),
    ...(from.cache === to.cache ? [] : [`CACHE ${to.cache ?? "1"}`]),
    ...(from.cycle === to.cycle ? [] : [to.cycle ? "CYCLE" : "NO CYCLE"]),
  ];
}

type TypedSettings = SequenceSettings & { readonly type: string };

function boundsOf({ type, increment, min, max }: TypedSettings): readonly [low: bigint, high: bigint] {
  const [lowest, highest] = limits[type] ?? [0n, 0n];
  const rising = Number(increment ?? 1) > 0;
  return [BigInt(min ?? (rising ? 1n : lowest)), BigInt(max ?? (rising ? highest : -1n))];
}

/**
 * Statements that turn one sequence into another. PostgreSQL takes no bounds that the sequence's position is outside of,
 * so it is moved to the nearer bound first; where the old bounds and the new have nothing in common it starts anew.
 *
 * @param alter what the changes are put behind: `ALTER SEQUENCE …`, or the same for an identity column
 */
export function sequenceAlterations(
  path: readonly string[],
  from: TypedSettings,
  to: TypedSettings,
  alter: (changes: readonly string[]) => string,
): Statement[] {
  const changes = sequenceChanges(from, to);
  const [[lowBefore, highBefore], [low, high]] = [boundsOf(from), boundsOf(to)];
  if (low > highBefore || high < lowBefore) return [{ sql: alter([...changes, "RESTART"]) }];
  const move = (value: string, outside: string): Statement => ({
    sql: `SELECT setval(${quoteLiteral(quotePath(path)).trimStart()}, ${value}) FROM ${quotePath(path)} WHERE last_value ${outside}`,
    sentence: `move sequence ${displayName(path)} within its new bounds`,
  });
  return [
    ...(low > lowBefore ? [move(`${low}, false`, `< ${low}`)] : []),
    ...(high < highBefore ? [move(`${high}`, `> ${high}`)] : []),
    ...(changes.length === 0 ? [] : [{ sql: alter(changes) }]),
  ];
}

export const sequenceKind: Kind<SequenceDefinition> = {
  name: "sequence",

  seenIn: "pg_sequence",
  query: () => `
    SELECT 'pg_class'::regclass::oid, c.oid, 0, NULL::text, json_build_array(n.nspname, c.relname),
      obj_description(c.oid, 'pg_class'),
      ${jsonObject({
        type: "format_type(s.seqtypid, NULL)",
        ...sequenceSettingFields,
        unlogged: "CASE WHEN c.relpersistence = 'u' THEN true END",
      })}
    FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid JOIN managed n ON n.oid = c.relnamespace
    WHERE ${notMember("pg_class", "c.oid")} AND NOT EXISTS (SELECT FROM identity_sequence i WHERE i.objid = c.oid)`,
  ctes: {
    identity_sequence:
      "SELECT objid, refobjid, refobjsubid FROM pg_depend WHERE classid = 'pg_class'::regclass AND refclassid = 'pg_class'::regclass AND refobjsubid > 0 AND deptype = 'i'",
  },

  *declare({ sequences }) {
    for (const { schema, name, comment, type, options, unlogged } of sequences)
      yield {
        path: [schema, name],
        comment,
        definition: { type, ...sequenceSettings(options, type), ...(unlogged ? { unlogged: true as const } : {}) },
      };
  },

  create({ id, path, definition }, context) {
    // PostgreSQL refuses a sequence the name that a type has, but lets it take that by a rename.
    const [schema = "", name = ""] = path;
    const hasTypesName = typeSlots(path).some((slot) => context.sharesSlot(id, slot));
    const created = hasTypesName ? [schema, derivedName(name, null, "coming")] : path;
    const statement = [
      `CREATE ${definition.unlogged ? "UNLOGGED " : ""}SEQUENCE ${quotePath(created)}`,
      ...(definition.type === "bigint" ? [] : [`AS ${definition.type}`]),
      ...sequenceClauses(definition),
    ];
    return [{ sql: statement.join(" ") }, ...(hasTypesName ? [{ sql: renameSequence(created, name) }] : [])];
  },
  drop: ({ path }) => [{ sql: `DROP SEQUENCE ${quotePath(path)}` }],
  alter(from, to, context) {
    const [before, after] = [from.definition, to.definition];
    return {
      op: "statements",
      statements: [
        ...sequenceAlterations(to.path, before, after, (changes) =>
          [`ALTER SEQUENCE ${quotePath(to.path)}`, ...changes].join(" "),
        ),
        ...sequencePersistence(from, to, context),
      ],
    };
  },
  // The owner is a part of its own, so that the sequence can be there before the column whose default it is.
  standsWithout: ({ kind }) => kind === "column",
  dropsWith({ path }, catalog) {
    const owner = catalog.objects.get(objectId("sequence owner", path))?.definition as OwnershipDefinition | undefined;
    return owner === undefined ? [] : [objectId("column", owner.column)];
  },
  rename: ({ path }, name) => renameSequence(path, name),
  commentTarget: ({ path }) => `SEQUENCE ${quotePath(path)}`,
  // A type may have the name too, but one that goes has to go first.
  slots: ({ path }) => [relationSlot(path), ...typeSlots(path)],

  source(object, context) {
    const { path, definition } = object;
    const owner = ownerOf(path, context);
    if (owner !== null && isSerial(owner, context)) return null;
    const { type, unlogged, ...settings } = definition;
    return {
      at: "objects",
      code: () =>
        callCode(
          context.use("sequence"),
          stringCode(path[1] ?? ""),
          objectCode({
            type: type === "bigint" ? null : stringCode(type),
            ...sequenceSettingCodes(settings),
            ownedBy: owner === null ? null : ownerCode(path, owner, context),
            unlogged: unlogged ? "true" : null,
            ...ownFields(object, context),
          }),
        ),
    };
  },
};

function renameSequence(path: readonly string[], name: string): string {
  return `ALTER SEQUENCE ${quotePath(path)} RENAME TO ${quoteIdentifier(name)}`;
}

/** Settings as entries of an object literal; what a JavaScript number can't hold becomes a bigint. */
export function sequenceSettingCodes(settings: SequenceSettings): Readonly<Record<string, string | null>> {
  const digits = (value: string | undefined) =>
    value === undefined ? null : Number.isSafeInteger(Number(value)) ? value : `${value}n`;
  return {
    start: digits(settings.start),
    increment: digits(settings.increment),
    min: digits(settings.min),
    max: digits(settings.max),
    cache: digits(settings.cache),
    cycle: settings.cycle ? "true" : null,
  };
}

/** The column that a sequence is owned by. */
function ownerOf(sequence: readonly string[], { catalog }: SourceContext): readonly string[] | null {
  const owner = catalog.objects.get(objectId("sequence owner", sequence))?.definition as
    | OwnershipDefinition
    | undefined;
  return owner?.column ?? null;
}

function ownerCode(sequence: readonly string[], owner: readonly string[], context: SourceContext): string | null {
  const [table, column = ""] = [owner.slice(0, 2), owner[2]];
  const model = context.model(table);
  if (model !== null) return `() => ${model}.c.${context.property(table, column)}`;
  context.leaveOut(
    `sequence ${displayName(sequence)} is owned by ${displayName(owner)}, which is not managed: the models leave it without an owner`,
  );
  return null;
}

/**
 * Whether `serial()` says all of a column's default and sequence: of the column's type, by PostgreSQL's own name, with
 * no settings, owned by the column.
 */
export function isSerial(column: readonly string[], { catalog }: SourceContext): boolean {
  const definitionOf = (kind: string, at: readonly string[]) => catalog.objects.get(objectId(kind, at))?.definition;
  // A column that comes from another table is not there under this one's name.
  const { type, notNull } = (definitionOf("column", column) ?? {}) as { type?: string; notNull?: true };
  // Most columns are none, and end here.
  if (notNull !== true || type === undefined || !(type in serials)) return false;
  const [schema = "", table = "", name = ""] = column;
  const path = [schema, derivedName(table, name, "seq")];
  const sequence = catalog.objects.get(objectId("sequence", path));
  const unlogged = (definitionOf("table", column.slice(0, 2)) as { unlogged?: true } | undefined)?.unlogged;
  return (
    sequence?.comment === null &&
    sameData(sequence.definition, { type, unlogged }) &&
    sameData(definitionOf("sequence owner", path), { column }) &&
    sameData(definitionOf("default", column), { expression: nextval(path) })
  );
}

/** The column definitions that stand for an integer type with a sequence of its own. */
export const serials: Readonly<Record<string, string>> = {
  smallint: "smallserial",
  integer: "serial",
  bigint: "bigserial",
};

/** As PostgreSQL prints it with an empty search path. */
function nextval(path: readonly string[]): string {
  return `nextval('${displayName(path).replaceAll("'", "''")}'::regclass)`;
}

/** OWNED BY: apart from the sequence, so that sequence, column and default can be created in a line. */
export const ownershipKind: Kind<OwnershipDefinition> = {
  name: "sequence owner",
  parent: "sequence",
  sharesParentPath: true,

  seenIn: "pg_sequence",
  query: () => `
    SELECT 0::oid, c.oid, 0, NULL::text, json_build_array(n.nspname, c.relname), NULL::text,
      json_build_object('column', json_build_array(tn.nspname, t.relname, a.attname))
    FROM pg_depend d JOIN pg_class c ON c.oid = d.objid AND c.relkind = 'S' JOIN managed n ON n.oid = c.relnamespace
      JOIN pg_class t ON t.oid = d.refobjid JOIN pg_namespace tn ON tn.oid = t.relnamespace
      JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
    WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.refobjsubid > 0 AND d.deptype = 'a'
      AND ${notMember("pg_class", "c.oid")}`,

  *declare({ sequences }) {
    for (const { schema, name, ownedBy } of sequences)
      if (ownedBy !== null)
        yield {
          path: [schema, name],
          comment: null,
          definition: { column: [ownedBy.schema, ownedBy.table, ownedBy.column] },
        };
  },

  create: ({ path, definition: { column } }, context) => [
    { sql: `ALTER SEQUENCE ${quotePath(path)} OWNED BY ${quotePath(column)}` },
    ...(context.survives("column", column) && !context.survives("sequence", path)
      ? ownerCatchUp(path, column, context)
      : []),
  ],
  drop: ({ path }) => [{ sql: `ALTER SEQUENCE ${quotePath(path)} OWNED BY NONE` }],
  alter(from, to, context) {
    if (leavesChanging(from, to, context)) return { op: "replace" };
    return {
      op: "statements",
      statements: [{ sql: `ALTER SEQUENCE ${quotePath(to.path)} OWNED BY ${quotePath(to.definition.column)}` }],
    };
  },
  // The table too: what becomes of it as a whole would reach the sequence.
  needs: ({ definition: { column } }) => [objectId("column", column), objectId("table", column.slice(0, 2))],
  describe: (_object, path) => `owner of sequence ${displayName(path)}`,
};

/**
 * A sequence put under a column that holds values goes on after them, where it counts up and they are within its bounds.
 *
 * @param sequence the sequence as SQL of type regclass or text
 */
export function catchUp(
  sequence: string,
  settings: TypedSettings,
  column: readonly string[],
  sentence: string,
): Statement[] {
  if (Number(settings.increment ?? 1) < 0) return [];
  const [low, high] = boundsOf(settings);
  const [table, last] = [quotePath(column.slice(0, 2)), `max(${quoteIdentifier(column[2] ?? "")})`];
  const sql = `SELECT setval(${sequence}, ${last}) FROM ${table} HAVING ${last} BETWEEN ${low} AND ${high}`;
  return [{ sql, sentence }];
}

function ownerCatchUp(path: readonly string[], column: readonly string[], { to }: PlanContext): Statement[] {
  const type = typeOf(to.objects.get(objectId("column", column)));
  const sequence = to.objects.get(objectId("sequence", path))?.definition;
  if (type === null || typeFamily(type) !== "integer") return [];
  return catchUp(
    `${quoteLiteral(quotePath(path)).trimStart()}::regclass`,
    // The registry's objects of this kind have this definition, which their common type doesn't say.
    sequence as SequenceDefinition,
    column,
    `start sequence ${displayName(path)} after the values of ${displayName(column)}`,
  );
}
