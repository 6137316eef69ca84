/** Rows for any table: a value for each type and number, alike wherever the type is, so that foreign keys meet. */

import type { Connection } from "../../src/engine/connection.js";
import { DatabaseError } from "../../src/engine/errors.js";
import { quoteIdentifier, quotePath } from "../../src/sql/identifier.js";

interface TypeInfo {
  readonly name: string;
  readonly kind: string;
  readonly element: string | null;
  readonly base: string | null;
  /** Of a domain, the base with its modifier: `numeric(10,2)`. */
  readonly over: string | null;
  readonly labels: readonly string[] | null;
  readonly attributes: readonly string[] | null;
}

interface ColumnInfo {
  readonly name: string;
  readonly typeId: string;
  readonly type: string;
  readonly required: boolean;
}

/** A database's tables and types, as far as rows depend on them. */
export interface RowModel {
  readonly tables: ReadonlyMap<string, { readonly path: readonly string[]; readonly columns: readonly ColumnInfo[] }>;
  readonly types: ReadonlyMap<string, TypeInfo>;
}

const typesQuery = `
  SELECT t.oid::text, t.typname, CASE WHEN t.typcategory = 'A' AND t.typelem <> 0 THEN 'a' ELSE t.typtype::text END,
    nullif(t.typelem, 0)::text, coalesce(nullif(t.typbasetype, 0), r.rngsubtype, mr.rngsubtype)::text,
    CASE WHEN t.typtype = 'd' THEN format_type(t.typbasetype, t.typtypmod) END,
    (SELECT json_agg(e.enumlabel ORDER BY e.enumsortorder)::text FROM pg_enum e WHERE e.enumtypid = t.oid),
    (SELECT json_agg(a.atttypid::text ORDER BY a.attnum)::text FROM pg_attribute a
      WHERE a.attrelid = t.typrelid AND t.typtype = 'c' AND a.attnum > 0 AND NOT a.attisdropped)
  FROM pg_type t LEFT JOIN pg_range r ON r.rngtypid = t.oid LEFT JOIN pg_range mr ON mr.rngmultitypid = t.oid`;

/** Tables that hold rows, partitions among them; identity and generated columns fill themselves. */
const columnsQuery = `
  SELECT n.nspname, c.relname, a.attname, a.atttypid::text, format_type(a.atttypid, a.atttypmod), (a.attnotnull AND NOT a.atthasdef)::text
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' AND a.attidentity <> 'a'
  WHERE c.relkind = 'r' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
  ORDER BY c.oid, a.attnum`;

export async function readRowModel(connection: Connection): Promise<RowModel> {
  const raw = { raw: true };
  const types = new Map<string, TypeInfo>();
  const typeRows = (await connection.query(typesQuery, [], raw)).rows as (string | null)[][];
  for (const [oid, name, kind, element, base, over, labels, attributes] of typeRows)
    types.set(oid!, {
      name: name!,
      kind: kind!,
      element: element ?? null,
      base: base ?? null,
      over: over ?? null,
      labels: labels ? (JSON.parse(labels) as string[]) : null,
      attributes: attributes ? (JSON.parse(attributes) as string[]) : null,
    });
  const tables = new Map<string, { path: string[]; columns: ColumnInfo[] }>();
  const columnRows = (await connection.query(columnsQuery, [], raw)).rows as (string | null)[][];
  for (const [schema, table, name, typeId, type, required] of columnRows) {
    const id = JSON.stringify([schema, table]);
    const entry = tables.get(id) ?? { path: [schema!, table!], columns: [] };
    tables.set(id, entry);
    if (name) entry.columns.push({ name, typeId: typeId!, type: type!, required: required === "true" });
  }
  return { tables, types };
}

const strings = new Set(["text", "varchar", "bpchar", "char", "name", "citext"]);

/** PostgreSQL's text of the nth value of a type: every digit string is also a number. */
function sample(model: RowModel, typeId: string, n: number, style: string, labels: Labels): string {
  const type = model.types.get(typeId);
  if (type === undefined) throw new RangeError(`type ${typeId}`);
  const inner = (id: string) => sample(model, id, n, style, labels);
  const quoted = (text: string) => `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
  switch (type.kind) {
    case "a":
      return `{${quoted(inner(type.element!))}}`;
    case "d":
      return inner(type.base!);
    case "e": {
      const kept = labels(type.name, type.labels!);
      return kept[n % kept.length]!;
    }
    case "c":
      return `(${type.attributes!.map((id) => quoted(inner(id))).join(",")})`;
    case "r":
      return `[${quoted(inner(type.base!))},${quoted(sample(model, type.base!, n, style, labels))}]`;
    case "m":
      return `{[${quoted(inner(type.base!))},${quoted(sample(model, type.base!, n, style, labels))}]}`;
  }
  if (strings.has(type.name)) return style.replace("#", String(n));
  return builtIn[type.name]?.(n) ?? String(n);
}

type Labels = (name: string, labels: readonly string[]) => readonly string[];

const builtIn: Readonly<Record<string, (n: number) => string>> = {
  bool: (n) => String(n % 2 === 1),
  bytea: (n) => `\\x0${n}`,
  uuid: (n) => `00000000-0000-4000-8000-00000000000${n}`,
  date: (n) => `2020-01-0${n}`,
  timestamp: (n) => `2020-01-0${n} 00:00:00`,
  timestamptz: (n) => `2020-01-0${n} 00:00:00+00`,
  time: (n) => `0${n}:00:00`,
  timetz: (n) => `0${n}:00:00+00`,
  interval: (n) => `${n} days`,
  inet: (n) => `10.0.0.${n}`,
  cidr: (n) => `10.0.${n}.0/24`,
  macaddr: (n) => `00:00:00:00:00:0${n}`,
  macaddr8: (n) => `00:00:00:00:00:00:00:0${n}`,
  bit: (n) => String(n % 2),
  varbit: (n) => String(n % 2),
  point: (n) => `(${n},${n})`,
  box: (n) => `(${n},${n}),(0,0)`,
  line: (n) => `{${n},1,1}`,
  lseg: (n) => `[(0,0),(${n},${n})]`,
  path: (n) => `((0,0),(${n},${n}))`,
  polygon: (n) => `((0,0),(${n},0),(0,${n}))`,
  circle: (n) => `<(0,0),${n}>`,
  xml: (n) => `<a>${n}</a>`,
  pg_lsn: (n) => `0/${n}`,
  hstore: (n) => `"a"=>"${n}"`,
};

/** Texts of string columns, tried one after the other: checks want this or that. */
const styles = ["#", "v#", "v#@example.com", "2020-01-0#", "00000#"];

/**
 * Puts rows 1, 2 and 3 into each table; a table whose constraints refuse them all stays empty, and is named in what is
 * returned. Values suit the target's columns of the same name where the types differ.
 */
export async function insertRows(connection: Connection, source: RowModel, target: RowModel): Promise<string[]> {
  const labels: Labels = (name, all) => {
    const others = [...target.types.values()].find((type) => type.kind === "e" && type.name === name)?.labels;
    const kept = others ? all.filter((label) => others.includes(label)) : all;
    return kept.length > 0 ? kept : all;
  };
  let waiting = [...source.tables.values()].flatMap((table) => [1, 2, 3].map((n) => ({ ...table, n })));
  await connection.script("BEGIN");
  for (let before = -1; before !== waiting.length; ) {
    before = waiting.length;
    const failed: typeof waiting = [];
    for (const row of waiting) if (!(await insertRow(row.path, row.columns, row.n))) failed.push(row);
    waiting = failed;
  }
  await connection.script("COMMIT");
  return [...new Set(waiting.map(({ path }) => path.join(".")))];

  async function insertRow(path: readonly string[], columns: readonly ColumnInfo[], n: number): Promise<boolean> {
    for (const some of [columns, columns.filter(({ required }) => required)])
      for (const style of styles) {
        const names = some.map(({ name }) => quoteIdentifier(name));
        const values = some.map((column, i) => `$${i + 1}::text::${column.type}`);
        const rest = some.length === 0 ? "DEFAULT VALUES" : `(${names.join(", ")}) VALUES (${values.join(", ")})`;
        const parameters = some.map((column) => textFor(path, column, n, style));
        if (await attempt(`INSERT INTO ${quotePath(path)} ${rest}`, parameters)) return true;
        if (!some.some(({ typeId }) => mayBeString(source, typeId))) break;
      }
    return false;
  }

  function textFor(path: readonly string[], column: ColumnInfo, n: number, style: string): string {
    const twin = target.tables.get(JSON.stringify(path))?.columns.find(({ name }) => name === column.name);
    const isString = strings.has(source.types.get(column.typeId)?.name ?? "");
    if (twin && isString && !strings.has(target.types.get(twin.typeId)?.name ?? ""))
      return sample(target, twin.typeId, n, style, labels);
    return sample(source, column.typeId, n, style, labels);
  }

  async function attempt(sql: string, parameters: readonly string[]): Promise<boolean> {
    await connection.script("SAVEPOINT attempt");
    try {
      await connection.query(sql, parameters);
      await connection.script("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED; RELEASE SAVEPOINT attempt");
      return true;
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error;
      await connection.script("ROLLBACK TO SAVEPOINT attempt; RELEASE SAVEPOINT attempt");
      return false;
    }
  }
}

function mayBeString(model: RowModel, typeId: string): boolean {
  const type = model.types.get(typeId);
  if (type === undefined) return false;
  const inner = [type.element, type.base, ...(type.attributes ?? [])].filter((id) => id !== null);
  return strings.has(type.name) || (type.kind !== "b" && inner.some((id) => mayBeString(model, id)));
}

/** A composite type's attributes may come and go. */
/** A type by what its values are in the end: a domain of one name may lie over another type than before. */
function madeOf(model: RowModel, typeId: string | null): string {
  const type = typeId === null ? undefined : model.types.get(typeId);
  return type === undefined
    ? ""
    : `${type.name} ${type.over}(${madeOf(model, type.element)}, ${madeOf(model, type.base)})`;
}

function holdsComposite(model: RowModel, typeId: string): boolean {
  const type = model.types.get(typeId);
  const inner = [type?.element, type?.base].filter((id) => typeof id === "string");
  return type?.kind === "c" || (type?.kind !== "b" && inner.some((id) => holdsComposite(model, id)));
}

/** All rows as text: table → one object a row, in no order. */
export type Rows = ReadonlyMap<string, readonly Readonly<Record<string, string | null>>[]>;

export async function readRows(connection: Connection, model: RowModel): Promise<Rows> {
  const rows = new Map<string, Record<string, string | null>[]>();
  for (const [id, { path, columns }] of model.tables) {
    const list = ["1", ...columns.map(({ name }) => `${quoteIdentifier(name)}::text`)].join(", ");
    const found = await connection.query(`SELECT ${list} FROM ONLY ${quotePath(path)}`, [], { raw: true });
    rows.set(
      id,
      found.rows.map(([, ...row]) => Object.fromEntries(columns.map(({ name }, i) => [name, row[i] as string | null]))),
    );
  }
  return rows;
}

/**
 * What was lost between two readings, as sentences: rows of tables on both sides, values of columns whose type is the
 * same on both, and the mere presence of other columns' values.
 */
export function lostRows(before: Rows, beforeModel: RowModel, after: Rows, afterModel: RowModel): string[] {
  const lost: string[] = [];
  for (const [id, rows] of before) {
    const now = after.get(id);
    if (now === undefined) continue;
    if (now.length !== rows.length) lost.push(`${id}: ${rows.length} rows became ${now.length}`);
    for (const column of beforeModel.tables.get(id)?.columns ?? []) {
      const twin = afterModel.tables.get(id)?.columns.find(({ name }) => name === column.name);
      if (twin === undefined) continue;
      const comparable =
        twin.type === column.type &&
        madeOf(afterModel, twin.typeId) === madeOf(beforeModel, column.typeId) &&
        !holdsComposite(beforeModel, column.typeId);
      const show = (value: string | null | undefined) =>
        comparable ? String(value) : value === null ? "null" : "some value";
      const values = (list: typeof rows) => JSON.stringify(list.map((row) => show(row[column.name])).sort());
      if (values(rows) !== values(now)) lost.push(`${id} ${column.name}: ${values(rows)} became ${values(now)}`);
    }
  }
  return lost;
}
