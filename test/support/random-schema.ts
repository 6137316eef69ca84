/**
 * Random schemas: a small world of named things, changed by moves of random numbers. A schema is a number of moves from
 * nothing; its neighbour is some moves further. What makes no sense to PostgreSQL is left out when the world is built, so
 * that nothing here has to know what does.
 */

import { quoteIdentifier, quoteLiteral, quotePath } from "../../src/sql/identifier.js";
import { type Attached, attachedSql, attachedTarget, attachedTypes, triggerFunction } from "./random-attached.js";
import { codeAdditions, codeEdits, type Routine, routineStatements, type View, viewStatements } from "./random-code.js";
import { type Move, name, names, Picks } from "./random-picks.js";
import { type Plain, plainAdditions, plainEdits, plainStatements } from "./random-plain.js";
import { type Right, rightAdditions, rightEdits, rightStatements } from "./random-rights.js";

export interface Named {
  name: string;
  comment: string | null;
}

export interface InSchema extends Named {
  schema: string;
}

/** A type: built in, or one of the world's by its key. */
type TypeRef = { readonly builtIn: string } | { readonly key: number; readonly array: boolean };

export interface Column extends Named {
  key: number;
  type: TypeRef;
  notNull: boolean;
  default: DefaultRef | null;
  generated: { readonly template: number; readonly stored: boolean } | null;
  identity: string | null;
  collation: string | null;
  /** ALTER COLUMN actions. */
  settings: readonly string[];
}

/** `label`: one of the type's enum, or a literal that suits the type. */
type DefaultRef = { readonly sql: string } | { readonly sequence: number } | { readonly label: number };

interface Constraint extends Named {
  readonly type: "primary key" | "unique" | "check" | "exclusion" | "foreign key";
  /** Picks, looked up in the table when the world is written. */
  readonly picks: readonly number[];
  /** Columns by their keys, where they were chosen beforehand. */
  readonly columns?: readonly number[];
  /** The table that a foreign key references, by its key. */
  readonly target?: number;
}

interface Index extends Named {
  readonly picks: readonly number[];
}

interface UserType extends InSchema {
  readonly key: number;
  readonly kind: "enum" | "domain" | "composite" | "range";
  labels: string[];
  base: TypeRef;
  notNull: boolean;
  default: DefaultRef | null;
  checks: { name: string; template: number }[];
  attributes: { name: string; type: TypeRef }[];
}

interface Sequence extends InSchema {
  readonly key: number;
  options: string;
  /** A column by its key. */
  owner: number | null;
}

/** A partition of a table, or what was one. */
interface Part extends InSchema {
  from: number;
  isAttached: boolean;
  /** What it says of the table's columns, and an index of its own. */
  words: readonly { readonly column: number; readonly action: string }[];
  index: Index | null;
}

export interface Table extends InSchema {
  readonly key: number;
  /** Its partitions by range of a column of its own; null: it is not partitioned. */
  parts: Part[] | null;
  /** The table that it inherits from, by its key. */
  parent: number | null;
  unlogged: boolean;
  settings: readonly string[];
  columns: Column[];
  constraints: Constraint[];
  indexes: Index[];
  attached: Attached[];
  replica: number | null;
}

export interface World {
  next: number;
  schemas: Named[];
  extensions: string[];
  types: UserType[];
  sequences: Sequence[];
  tables: Table[];
  routines: Routine[];
  views: View[];
  rights: Right[];
  plain: Plain[];
}

const labels = ["a", "b", "c", "new", "old", "it's", 'say "x"', "back\\slash", "{}", "a,b", "", "NULL", "🐘", " a "];
const comments = ["a comment", "it's \\ a 🐘\nline", "$$"];
const builtIns = [
  ..."integer bigint smallint text text boolean numeric numeric(10,2) real date timestamptz timestamp uuid jsonb".split(
    " ",
  ),
  ..."varchar varchar(20) varchar(9) char(3) text[] integer[] bigint[] varchar(20)[] bytea inet interval time".split(
    " ",
  ),
  ...["int4range", "daterange", "bit(3)", "double precision", "citext", "name", '"char"', "timestamp(3)", "json"],
];
const literals = [
  ...[
    "0",
    "1",
    "'1'",
    "'x'",
    "true",
    "now()",
    "'{}'",
    "NULL",
    "1 + 1",
    "lower('X')",
    "gen_random_uuid()",
    "CURRENT_DATE",
  ],
  ...[
    "'[]'::jsonb",
    "'it''s \\'",
    "ARRAY['a','b']",
    "ARRAY[1,2]",
    "-1",
    "'{1,2}'",
    "1.50",
    "'[1,2)'",
    "'1 day'",
    "'B'::text",
  ],
];
const numbers = ["0", "1", "-1", "1 + 1", "42"];
const texts = ["'x'", "'it''s \\'", "lower('X')", "''", "'B'::text"];
const times = ["now()", "CURRENT_TIMESTAMP", "'2020-01-01'", "'infinity'"];
const wholeArrays = ["'{}'", "ARRAY[1,2]", "'{1,2}'"];
const textArrays = ["'{}'", "ARRAY['a','b']"];
/** Defaults that a built-in type takes; those of others are tried all the same. */
const literalsOf: Readonly<Record<string, readonly string[]>> = {
  ...{
    integer: numbers,
    bigint: numbers,
    smallint: numbers,
    numeric: [...numbers, "1.50"],
    "numeric(10,2)": ["1.50", "0"],
  },
  ...{ real: numbers, "double precision": [...numbers, "0.1", "random()"], text: texts, varchar: texts, citext: texts },
  ...{ "varchar(20)": texts, "varchar(9)": texts, "char(3)": ["'x'", "''"], boolean: ["true", "false", "NOT true"] },
  ...{ date: ["CURRENT_DATE", "'2020-01-01'"], timestamptz: times, timestamp: times, "timestamp(3)": times },
  ...{ uuid: ["gen_random_uuid()"], jsonb: ["'{}'", "'[]'::jsonb"], json: ["'{}'"], "text[]": textArrays },
  ...{ "integer[]": wholeArrays, "bigint[]": wholeArrays, "varchar(20)[]": textArrays, interval: ["'1 day'"] },
  ...{ int4range: ["'[1,2)'"], "bit(3)": ["B'101'"], bytea: ["'\\x00'"] },
};
const extensions = ["citext", "hstore", "pg_trgm", "btree_gist"];
const sequenceOptions = [
  ...[
    "",
    "AS integer",
    "AS smallint",
    "START 5",
    "INCREMENT 5",
    "INCREMENT -1",
    "MINVALUE 2 MAXVALUE 90 CYCLE",
    "CACHE 10",
  ],
  ...["MINVALUE -5 START 0", "INCREMENT -2 MAXVALUE 50", "AS integer START 100 CACHE 3"],
];
const identities = [
  ...["ALWAYS AS IDENTITY", "BY DEFAULT AS IDENTITY", "BY DEFAULT AS IDENTITY (START 10 INCREMENT 10)"],
  "ALWAYS AS IDENTITY (MINVALUE 0 MAXVALUE 1000 CYCLE)",
];
const columnSettings = [
  ...["SET STORAGE EXTERNAL", "SET STORAGE MAIN", "SET STATISTICS 50", "SET STATISTICS 0", "SET (n_distinct = 5)"],
  ...["SET COMPRESSION pglz", "SET (n_distinct = -0.5, n_distinct_inherited = 3)"],
];
const tableSettings = [
  ...["SET (fillfactor = 70)", "SET (autovacuum_enabled = off, fillfactor = 50)"],
  ...["REPLICA IDENTITY FULL", "REPLICA IDENTITY NOTHING", "ENABLE ROW LEVEL SECURITY", "FORCE ROW LEVEL SECURITY"],
];
const partWords = [
  ...["SET DEFAULT NULL", "DROP DEFAULT", "SET NOT NULL", "SET STATISTICS 30", "SET STORAGE EXTERNAL"],
  ...["SET DEFAULT 'x'", "SET DEFAULT 7", "SET (n_distinct = 5)"],
];
const collations = ['"C"', '"POSIX"', "pg_catalog.ucs_basic"];

export function emptyWorld(): World {
  return {
    next: 1,
    schemas: [{ name: "public", comment: null }],
    extensions: [],
    types: [],
    sequences: [],
    tables: [],
    routines: [],
    views: [],
    rights: [],
    plain: [],
  };
}

/** The world after some moves; those of `grown` only add. */
export function grown(moves: readonly Move[]): World {
  return played(emptyWorld(), moves, [...additions, ...codeAdditions, ...rightAdditions, ...plainAdditions]);
}

export function after(world: World, moves: readonly Move[]): World {
  return played(world, moves, [
    ...[...additions, ...codeAdditions, ...rightAdditions, ...plainAdditions],
    ...[...edits, ...codeEdits, ...rightEdits, ...plainEdits],
  ]);
}

function played(world: World, moves: readonly Move[], actions: readonly Action[]): World {
  const copy = structuredClone(world);
  for (const each of moves) {
    const picks = new Picks(each);
    picks.of(actions)?.(copy, picks);
  }
  return copy;
}

export type Action = (world: World, picks: Picks) => void;

/** All that shares the names of relations and types. */
export const relations = (world: World): Named[] => [
  ...world.types,
  ...world.sequences,
  ...world.tables.flatMap((table) => [table, ...(table.parts ?? []), ...table.indexes, ...table.constraints]),
  ...world.views,
];
const label = (picks: Picks) => picks.of(labels) ?? "x";
export const schemaName = (world: World, picks: Picks) => picks.of(world.schemas)?.name ?? "public";

function typeRef(world: World, picks: Picks): TypeRef {
  const enums = world.types.filter(({ kind }) => kind === "enum");
  const type = picks.oneIn(2) ? picks.of(picks.oneIn(2) && enums.length > 0 ? enums : world.types) : undefined;
  return type ? { key: type.key, array: picks.oneIn(4) } : { builtIn: picks.of(builtIns) ?? "text" };
}

function defaultRef(world: World, picks: Picks): DefaultRef {
  const sequence = picks.of(world.sequences);
  if (picks.oneIn(4) && sequence) return { sequence: sequence.key };
  return picks.oneIn(6) ? { sql: picks.of(literals) ?? "0" } : { label: picks.next() };
}

function newColumn(world: World, picks: Picks, beside: readonly Column[]): Column {
  const generated = picks.oneIn(6) ? { template: picks.next(), stored: !picks.oneIn(3) } : null;
  return {
    key: world.next++,
    name: name(picks, beside),
    comment: null,
    type: typeRef(world, picks),
    notNull: picks.oneIn(2),
    default: generated === null && picks.oneIn(2) ? defaultRef(world, picks) : null,
    generated,
    identity: null,
    collation: picks.oneIn(10) ? (picks.of(collations) ?? null) : null,
    settings: picks.oneIn(8) ? [picks.of(columnSettings) ?? ""] : [],
  };
}

function newType(world: World, picks: Picks, kind: UserType["kind"]): UserType {
  const count = 1 + picks.below(4);
  return {
    key: world.next++,
    kind,
    schema: schemaName(world, picks),
    name: name(picks, relations(world)),
    comment: null,
    labels: [...new Set(Array.from({ length: count }, () => label(picks)))],
    base: kind === "composite" ? { builtIn: "text" } : typeRef(world, picks),
    notNull: picks.oneIn(4),
    default: picks.oneIn(3) ? defaultRef(world, picks) : null,
    checks: picks.oneIn(2) ? [{ name: name(picks), template: picks.next() }] : [],
    attributes: Array.from({ length: count }, (_, i) => ({
      name: names[(i * 7 + count) % names.length] ?? "a",
      type: typeRef(world, picks),
    })),
  };
}

const constraintTypes: readonly Constraint["type"][] = [
  "primary key",
  "unique",
  "check",
  "check",
  "exclusion",
  "foreign key",
  "foreign key",
];

function newConstraint(world: World, picks: Picks): Constraint {
  const type = picks.of(constraintTypes) ?? "check";
  return { type, name: name(picks, relations(world)), comment: null, picks: picks.rest() };
}

function addAttached(world: World, picks: Picks): void {
  const table = picks.of(world.tables);
  const type = picks.of(attachedTypes) ?? "trigger";
  table?.attached.push({ type, name: name(picks, table.attached), comment: null, picks: picks.rest() });
}

function swapNames(list: { name: string }[], picks: Picks): void {
  const [a, b] = [picks.of(list), picks.of(list)];
  if (a && b) [a.name, b.name] = [b.name, a.name];
}

function remove<T>(list: T[], picks: Picks): T | undefined {
  return list.splice(picks.below(list.length), 1)[0];
}

function move<T>(list: T[], picks: Picks): void {
  const item = remove(list, picks);
  if (item !== undefined) list.splice(picks.below(list.length + 1), 0, item);
}

const column = (world: World, picks: Picks) => picks.of(picks.of(world.tables)?.columns ?? []);
const ofKind = (world: World, picks: Picks, kind: UserType["kind"]) =>
  picks.of(world.types.filter((type) => type.kind === kind));

function addTable(world: World, picks: Picks): void {
  const columns: Column[] = [];
  const count = 2 + picks.below(4);
  for (let i = 0; i < count; i++) columns.push(newColumn(world, picks, columns));
  const table: Table = {
    key: world.next++,
    schema: schemaName(world, picks),
    name: name(picks, relations(world)),
    comment: null,
    parts: null,
    parent: null,
    unlogged: picks.oneIn(8),
    settings: [],
    columns,
    constraints: [],
    indexes: [],
    attached: [],
    replica: null,
  };
  world.tables.push(table);
  if (!picks.oneIn(4)) table.constraints.push({ ...newConstraint(world, picks), type: "primary key" });
  if (picks.oneIn(2)) table.constraints.push(newConstraint(world, picks));
  if (picks.oneIn(2)) table.indexes.push({ name: name(picks, relations(world)), comment: null, picks: picks.rest() });
}

function newPart(world: World, picks: Picks, beside: readonly Part[]): Part {
  const taken = new Set(beside.map(({ from }) => from));
  return {
    schema: schemaName(world, picks),
    name: name(picks, relations(world)),
    comment: picks.oneIn(4) ? (picks.of(comments) ?? null) : null,
    from: [0, 2, 4, 6, 8, 10].find((from) => !taken.has(from)) ?? 12,
    isAttached: !picks.oneIn(5),
    words: picks.oneIn(2) ? [partWord(picks)] : [],
    index: picks.oneIn(3) ? { name: name(picks, relations(world)), comment: null, picks: picks.rest() } : null,
  };
}

function partWord(picks: Picks): Part["words"][number] {
  return { column: picks.next(), action: picks.of(partWords) ?? "SET NOT NULL" };
}

function addPartitioned(world: World, picks: Picks): void {
  addTable(world, picks);
  const table = world.tables.at(-1);
  if (table === undefined) return;
  table.unlogged = false;
  table.parts = [];
  for (let i = picks.below(3); i >= 0; i--) table.parts.push(newPart(world, picks, table.parts));
}

function addChild(world: World, picks: Picks): void {
  const parent = picks.of(world.tables.filter(({ parts }) => parts === null));
  addTable(world, picks);
  const table = world.tables.at(-1);
  if (table && parent) table.parent = parent.key;
}

/** A column like another table's primary key, and a foreign key on it. */
function addReference(world: World, picks: Picks): void {
  const [table, target] = [picks.of(world.tables), picks.of(world.tables)];
  const key = target?.constraints.find(({ type }) => type === "primary key");
  const referenced = target && key ? columnsOf(target, key) : [];
  if (!table || !target || referenced.length === 0) return;
  const own = referenced.map(({ type }) => {
    const column: Column = { ...newColumn(world, picks, table.columns), type, generated: null, default: null };
    table.columns.push(column);
    return column.key;
  });
  table.constraints.push({ ...newConstraint(world, picks), type: "foreign key", columns: own, target: target.key });
}

/** A constraint's columns: those chosen beforehand, or some by its picks. */
function columnsOf(
  table: Table,
  { columns, picks: numbers }: Constraint | (Index & { columns?: readonly number[] }),
): Column[] {
  if (columns) return table.columns.filter(({ key }) => columns.includes(key));
  const picks = new Picks(numbers);
  const start = picks.below(table.columns.length);
  const rotated = [...table.columns.slice(start), ...table.columns.slice(0, start)];
  return rotated.slice(0, picks.oneIn(3) ? 2 : 1);
}

const additions: readonly Action[] = [
  addTable,
  addPartitioned,
  addChild,
  addReference,
  addReference,
  addReference,
  addTable,
  addTable,
  (w, p) => w.types.push(newType(w, p, "enum")),
  (w, p) => w.types.push(newType(w, p, "enum")),
  (w, p) => w.types.push(newType(w, p, "domain")),
  (w, p) => w.types.push(newType(w, p, "composite")),
  (w, p) => w.types.push(newType(w, p, "range")),
  (w, p) => w.schemas.push({ name: name(p), comment: null }),
  (w, p) => w.extensions.push(p.of(extensions) ?? "citext"),
  (w, p) =>
    w.sequences.push({
      key: w.next++,
      schema: schemaName(w, p),
      name: name(p, relations(w)),
      comment: null,
      options: p.of(sequenceOptions) ?? "",
      owner: p.oneIn(2) ? (column(w, p)?.key ?? null) : null,
    }),
  ...Array.from(
    { length: 3 },
    (): Action => (w, p) => {
      const table = p.of(w.tables);
      table?.columns.push(newColumn(w, p, table.columns));
    },
  ),
  (w, p) => p.of(w.tables)?.constraints.push(newConstraint(w, p)),
  (w, p) => p.of(w.tables)?.constraints.push(newConstraint(w, p)),
  (w, p) => p.of(w.tables)?.constraints.push(newConstraint(w, p)),
  (w, p) => p.of(w.tables)?.indexes.push({ name: name(p, relations(w)), comment: null, picks: p.rest() }),
  (w, p) => p.of(w.tables)?.indexes.push({ name: name(p, relations(w)), comment: null, picks: p.rest() }),
  addAttached,
  addAttached,
  (w, p) => {
    const found = column(w, p);
    if (found && !found.default && !found.generated && p.oneIn(2)) found.identity = p.of(identities) ?? null;
  },
];

const edits: readonly Action[] = [
  // Enum labels.
  (w, p) => {
    const type = ofKind(w, p, "enum");
    const fresh = label(p);
    if (type && !type.labels.includes(fresh)) type.labels.splice(p.below(type.labels.length + 1), 0, fresh);
  },
  (w, p) => {
    const type = ofKind(w, p, "enum");
    if (type && type.labels.length > 1) remove(type.labels, p);
  },
  (w, p) => move(ofKind(w, p, "enum")?.labels ?? [], p),
  // Other types.
  (w, p) => {
    const type = ofKind(w, p, "domain") ?? ofKind(w, p, "range");
    if (type) type.base = typeRef(w, p);
  },
  (w, p) => {
    const type = ofKind(w, p, "domain");
    if (!type) return;
    if (p.oneIn(2)) type.notNull = !type.notNull;
    else type.default = p.oneIn(2) ? defaultRef(w, p) : null;
  },
  (w, p) => ofKind(w, p, "domain")?.checks.push({ name: name(p), template: p.next() }),
  (w, p) => remove(ofKind(w, p, "domain")?.checks ?? [], p),
  (w, p) => ofKind(w, p, "composite")?.attributes.push({ name: name(p), type: typeRef(w, p) }),
  (w, p) => remove(ofKind(w, p, "composite")?.attributes ?? [], p),
  (w, p) => {
    const attribute = p.of(ofKind(w, p, "composite")?.attributes ?? []);
    if (attribute) attribute.type = typeRef(w, p);
  },
  // Columns.
  ...Array.from(
    { length: 3 },
    (): Action => (w, p) => {
      const found = column(w, p);
      if (found) found.type = typeRef(w, p);
    },
  ),
  (w, p) => {
    const found = column(w, p);
    if (found) found.notNull = !found.notNull;
  },
  (w, p) => {
    const found = column(w, p);
    if (found) found.default = p.oneIn(3) ? null : defaultRef(w, p);
  },
  (w, p) => {
    const found = column(w, p);
    if (found) found.identity = p.oneIn(3) ? null : (p.of(identities) ?? null);
  },
  (w, p) => {
    const found = column(w, p);
    if (found) found.generated = p.oneIn(3) ? null : { template: p.next(), stored: p.oneIn(2) };
  },
  (w, p) => {
    const found = column(w, p);
    if (found) found.settings = p.oneIn(3) ? [] : [p.of(columnSettings) ?? ""];
  },
  (w, p) => {
    const found = column(w, p);
    if (found) found.collation = p.oneIn(3) ? null : (p.of(collations) ?? null);
  },
  (w, p) => move(p.of(w.tables)?.columns ?? [], p),
  // Tables and sequences.
  (w, p) => {
    const table = p.of(w.tables);
    if (!table) return;
    // Owned sequences follow their table, which no model says.
    const owns = w.sequences.some(({ owner }) => table.columns.some(({ key }) => key === owner));
    if (p.oneIn(3) && !owns) table.unlogged = !table.unlogged;
    else table.settings = p.oneIn(3) ? [] : [p.of(tableSettings) ?? "", p.of(tableSettings) ?? ""];
  },
  (w, p) => {
    const table = p.of(w.tables);
    if (table) table.replica = p.oneIn(2) ? null : p.next();
  },
  (w, p) => {
    const sequence = p.of(w.sequences);
    if (!sequence) return;
    if (p.oneIn(2)) sequence.options = p.of(sequenceOptions) ?? "";
    else sequence.owner = p.oneIn(3) ? null : (column(w, p)?.key ?? null);
  },
  // Partitions and children.
  (w, p) => {
    const parts = p.of(w.tables.filter((table) => table.parts !== null))?.parts;
    if (parts) parts.push(newPart(w, p, parts));
  },
  (w, p) => void remove(p.of(w.tables.filter(({ parts }) => parts !== null))?.parts ?? [], p),
  ...Array.from(
    { length: 2 },
    (): Action => (w, p) => {
      const part = p.of(w.tables.flatMap(({ parts }) => parts ?? []));
      if (!part) return;
      const choice = p.below(5);
      if (choice === 0) part.isAttached = !part.isAttached;
      else if (choice === 1) part.from = 2 * p.below(8);
      else if (choice === 2) part.index = null;
      else part.words = choice === 3 ? [] : [partWord(p), partWord(p)];
    },
  ),
  (w, p) => {
    const table = p.of(w.tables);
    const parent = p.of(w.tables.slice(0, table ? w.tables.indexOf(table) : 0));
    if (table && table.parts === null) table.parent = p.oneIn(2) ? null : (parent?.key ?? null);
  },
  // Names and comments.
  (w, p) => {
    const found = p.of([...w.tables, ...w.types, ...w.sequences, ...w.tables.flatMap(({ columns }) => columns)]);
    if (found) found.name = name(p);
  },
  (w, p) => {
    const found = p.of(
      w.tables.flatMap(({ constraints, indexes, attached }) => [...constraints, ...indexes, ...attached]),
    );
    if (found) found.name = name(p);
  },
  (w, p) => {
    const all = [...w.schemas, ...w.tables, ...w.types, ...w.sequences];
    const inside = w.tables.flatMap(({ columns, constraints, indexes, attached }) => [
      ...[...columns, ...constraints],
      ...[...indexes, ...attached],
    ]);
    const found = p.of(p.oneIn(2) ? all : inside);
    if (found) found.comment = p.oneIn(4) ? null : (p.of(comments) ?? null);
  },
  (w, p) => swapNames(w.tables, p),
  (w, p) => swapNames(p.of(w.tables)?.columns ?? [], p),
  (w, p) => {
    const found = p.of<InSchema>([...w.tables, ...w.types, ...w.sequences]);
    if (found) found.schema = schemaName(w, p);
  },
  // What goes.
  (w, p) => void remove(w.tables, p),
  (w, p) => void remove(w.types, p),
  (w, p) => void remove(w.sequences, p),
  (w, p) => void remove(w.extensions, p),
  (w, p) => void remove(p.of(w.tables)?.columns ?? [], p),
  (w, p) => void remove(p.of(w.tables)?.columns ?? [], p),
  (w, p) => void remove(p.of(w.tables)?.constraints ?? [], p),
  (w, p) => void remove(p.of(w.tables)?.indexes ?? [], p),
  (w, p) => void remove(p.of(w.tables)?.attached ?? [], p),
  (w, p) => {
    const [from, to] = [p.of(w.tables), p.of(w.tables)];
    const moved = from && remove(from.constraints, p);
    if (moved) to?.constraints.push(moved);
  },
];

const literal = (text: string) => quoteLiteral(text).trimStart();

/** A domain can't be over itself, though a random one says so. */
function baseOf({ key, base }: UserType): TypeRef {
  return "key" in base && base.key >= key ? { builtIn: "text" } : base;
}

/** Statements that build the world; some of them PostgreSQL will refuse. */
export function statementsOf(world: World): string[] {
  return new Writer(world).write();
}

class Writer {
  readonly #out: string[] = [];
  constructor(readonly world: World) {}

  write(): string[] {
    const { schemas, extensions: some, types, sequences, tables } = this.world;
    for (const schema of schemas)
      if (schema.name !== "public") this.#out.push(`CREATE SCHEMA ${quoteIdentifier(schema.name)}`);
    for (const extension of some) this.#out.push(`CREATE EXTENSION ${extension} SCHEMA public`);
    for (const type of types) this.#type(type);
    for (const sequence of sequences) this.#out.push(`CREATE SEQUENCE ${this.#path(sequence)} ${sequence.options}`);
    for (const table of tables) this.#table(table);
    for (const table of tables) this.#columns(table);
    const sqlOf = (type: Column["type"]) => this.#typeSql(type);
    this.#out.push(...routineStatements(this.world, sqlOf));
    for (const table of tables) this.#constraints(table, (type) => type !== "foreign key");
    for (const table of tables) this.#indexes(table);
    for (const table of tables) this.#constraints(table, (type) => type === "foreign key");
    for (const table of tables) this.#settings(table);
    for (const table of tables) this.#parts(table);
    this.#out.push(...plainStatements(this.world), ...viewStatements(this.world));
    if (tables.some(({ attached }) => attached.length > 0)) this.#out.push(triggerFunction);
    for (const table of tables) this.#attached(table);
    for (const sequence of sequences) this.#owner(sequence);
    this.#out.push(...rightStatements(this.world));
    for (const schema of schemas) this.#comment(`SCHEMA ${quoteIdentifier(schema.name)}`, schema);
    return this.#out;
  }

  #path({ schema, name: own }: InSchema): string {
    return quotePath([schema, own]);
  }

  #comment(target: string, { comment }: Named): void {
    if (comment !== null) this.#out.push(`COMMENT ON ${target} IS ${literal(comment)}`);
  }

  #typeSql(type: TypeRef): string {
    if ("builtIn" in type) return /^(citext)$/.test(type.builtIn) ? `public.${type.builtIn}` : type.builtIn;
    const found = this.world.types.find(({ key }) => key === type.key);
    return found === undefined ? "text" : this.#path(found) + (type.array ? "[]" : "");
  }

  #enumOf(type: TypeRef): UserType | undefined {
    if ("builtIn" in type) return undefined;
    const found = this.world.types.find(({ key }) => key === type.key);
    return found?.kind === "domain" ? this.#enumOf(baseOf(found)) : found?.kind === "enum" ? found : undefined;
  }

  #isArray(type: TypeRef): boolean {
    if ("builtIn" in type) return type.builtIn.endsWith("[]");
    const found = this.world.types.find(({ key }) => key === type.key);
    return type.array || (found?.kind === "domain" && this.#isArray(baseOf(found)));
  }

  #defaultSql(value: DefaultRef, type: TypeRef): string {
    if ("sql" in value) return value.sql;
    if ("sequence" in value) {
      const sequence = this.world.sequences.find(({ key }) => key === value.sequence);
      return sequence === undefined ? "1" : `nextval(${literal(this.#path(sequence))})`;
    }
    const found = this.#enumOf(type);
    const suiting = "builtIn" in type ? (literalsOf[type.builtIn] ?? literals) : literals;
    if (found === undefined) return suiting[value.label % suiting.length] ?? "NULL";
    const chosen = `${literal(found.labels[value.label % found.labels.length] ?? "")}::${this.#path(found)}`;
    return this.#isArray(type) ? `ARRAY[${chosen}]` : chosen;
  }

  #type(type: UserType): void {
    const path = this.#path(type);
    switch (type.kind) {
      case "enum":
        this.#out.push(`CREATE TYPE ${path} AS ENUM (${type.labels.map(literal).join(", ")})`);
        break;
      case "domain":
        this.#out.push(`CREATE DOMAIN ${path} AS ${this.#typeSql(type.base)}${type.notNull ? " NOT NULL" : ""}`);
        if (type.default)
          this.#out.push(`ALTER DOMAIN ${path} SET DEFAULT ${this.#defaultSql(type.default, type.base)}`);
        for (const { name: check, template } of type.checks)
          this.#out.push(
            `ALTER DOMAIN ${path} ADD CONSTRAINT ${quoteIdentifier(check)} CHECK (${this.#checkSql("VALUE", type.base, template)})`,
          );
        break;
      case "composite":
        this.#out.push(
          `CREATE TYPE ${path} AS (${type.attributes.map((each) => `${quoteIdentifier(each.name)} ${this.#typeSql(each.type)}`).join(", ")})`,
        );
        break;
      case "range":
        this.#out.push(`CREATE TYPE ${path} AS RANGE (SUBTYPE = ${this.#typeSql(type.base)})`);
    }
    this.#comment(`${type.kind === "domain" ? "DOMAIN" : "TYPE"} ${path}`, type);
  }

  #checkSql(value: string, type: TypeRef, template: number): string {
    const found = this.#enumOf(type);
    const chosen = found && `${literal(found.labels[template % found.labels.length] ?? "")}::${this.#path(found)}`;
    const templates = [
      ...(chosen ? [`${value} <> ${chosen} OR true`, `${value} IN (${chosen}) OR ${value} IS NULL OR true`] : []),
      ...[`${value} IS NOT NULL OR true`, `${value}::text <> 'zzz'`, `length(${value}::text) < 100`],
      ...[`${value} > 0 OR ${value} <= 0`, `${value} = ${value}`, `${value}::text LIKE '%' OR ${value} IS NULL`],
    ];
    return templates[template % templates.length] ?? "true";
  }

  #table(table: Table): void {
    const parent = this.world.tables.find(({ key }) => key === table.parent);
    const head = `CREATE ${table.unlogged ? "UNLOGGED " : ""}TABLE ${this.#path(table)}`;
    if (table.parts !== null) this.#out.push(`${head} ("part" integer) PARTITION BY RANGE ("part")`);
    else this.#out.push(`${head} ()${parent ? ` INHERITS (${this.#path(parent)})` : ""}`);
    this.#comment(`TABLE ${this.#path(table)}`, table);
    for (const part of table.parts ?? []) {
      const bound = `FROM (${part.from}) TO (${part.from + 2})`;
      this.#out.push(`CREATE TABLE ${this.#path(part)} PARTITION OF ${this.#path(table)} FOR VALUES ${bound}`);
      this.#comment(`TABLE ${this.#path(part)}`, part);
    }
  }

  #parts(table: Table): void {
    for (const part of table.parts ?? []) {
      for (const { column: pick, action } of part.words) {
        const found = table.columns[pick % Math.max(table.columns.length, 1)];
        if (found)
          this.#out.push(`ALTER TABLE ${this.#path(part)} ALTER COLUMN ${quoteIdentifier(found.name)} ${action}`);
      }
      if (part.index) this.#indexes({ ...table, schema: part.schema, name: part.name, indexes: [part.index] });
      if (!part.isAttached) this.#out.push(`ALTER TABLE ${this.#path(table)} DETACH PARTITION ${this.#path(part)}`);
    }
  }

  #columns(table: Table): void {
    const path = this.#path(table);
    for (const each of table.columns) {
      const quoted = quoteIdentifier(each.name);
      const parts = [
        `ALTER TABLE ${path} ADD COLUMN ${quoted} ${this.#typeSql(each.type)}`,
        ...(each.collation ? [`COLLATE ${each.collation}`] : []),
        ...(each.generated ? [this.#generatedSql(table, each, each.generated)] : []),
      ];
      this.#out.push(parts.join(" "));
      if (each.default)
        this.#out.push(
          `ALTER TABLE ${path} ALTER COLUMN ${quoted} SET DEFAULT ${this.#defaultSql(each.default, each.type)}`,
        );
      if (each.notNull || each.identity) this.#out.push(`ALTER TABLE ${path} ALTER COLUMN ${quoted} SET NOT NULL`);
      if (each.identity) this.#out.push(`ALTER TABLE ${path} ALTER COLUMN ${quoted} ADD GENERATED ${each.identity}`);
      for (const setting of each.settings) this.#out.push(`ALTER TABLE ${path} ALTER COLUMN ${quoted} ${setting}`);
      this.#comment(`COLUMN ${path}.${quoted}`, each);
    }
  }

  #generatedSql(table: Table, own: Column, { template, stored }: { template: number; stored: boolean }): string {
    const others = table.columns.filter(({ key, generated }) => key !== own.key && !generated);
    const source = others[template % Math.max(others.length, 1)];
    if (source === undefined) return `GENERATED ALWAYS AS (NULL) ${stored ? "STORED" : "VIRTUAL"}`;
    const quoted = quoteIdentifier(source.name);
    const check = this.#checkSql(quoted, source.type, template >> 3);
    const expressions = [
      quoted,
      `${quoted} || 'x'`,
      `(${quoted})::text`,
      `CASE WHEN ${check} THEN 1 ELSE 2 END`,
      `${quoted} + 1`,
      check,
    ];
    return `GENERATED ALWAYS AS (${expressions[(template >> 2) % expressions.length]}) ${stored ? "STORED" : "VIRTUAL"}`;
  }

  #constraints(table: Table, wanted: (type: Constraint["type"]) => boolean): void {
    const path = this.#path(table);
    for (const each of table.constraints) {
      if (!wanted(each.type)) continue;
      const quoted = quoteIdentifier(each.name);
      this.#out.push(`ALTER TABLE ${path} ADD CONSTRAINT ${quoted} ${this.#constraintSql(table, each)}`);
      this.#comment(`CONSTRAINT ${quoted} ON ${path}`, each);
    }
  }

  #constraintSql(table: Table, constraint: Constraint): string {
    const { type } = constraint;
    const picks = new Picks(constraint.picks.slice(2));
    const some = columnsOf(table, constraint);
    const list = `(${some.map((each) => quoteIdentifier(each.name)).join(", ")})`;
    const deferrable = picks.oneIn(4) ? ` DEFERRABLE INITIALLY ${picks.oneIn(2) ? "DEFERRED" : "IMMEDIATE"}` : "";
    const [first] = some;
    switch (type) {
      case "primary key":
        return `PRIMARY KEY ${list}${deferrable}`;
      case "unique":
        return `UNIQUE ${picks.oneIn(4) ? "NULLS NOT DISTINCT " : ""}${list}${picks.oneIn(4) ? ` INCLUDE (${quoteIdentifier(picks.of(table.columns)?.name ?? "a")})` : ""}${deferrable}`;
      case "check":
        return `CHECK (${first ? this.#checkSql(quoteIdentifier(first.name), first.type, picks.next()) : "true"})${picks.oneIn(4) ? " NO INHERIT" : ""}${picks.oneIn(5) ? " NOT VALID" : ""}`;
      case "exclusion":
        return `EXCLUDE USING ${picks.oneIn(2) ? "gist" : "btree"} (${quoteIdentifier(first?.name ?? "a")} WITH ${picks.oneIn(2) ? "&&" : "="})${picks.oneIn(3) ? ` WHERE (${this.#checkSql(quoteIdentifier(first?.name ?? "a"), first?.type ?? { builtIn: "text" }, picks.next())})` : ""}${deferrable}`;
      case "foreign key":
        return this.#foreignKeySql(list, constraint, picks) + deferrable + (picks.oneIn(5) ? " NOT VALID" : "");
    }
  }

  #foreignKeySql(list: string, { target: key }: Constraint, picks: Picks): string {
    const target = this.world.tables.find((each) => each.key === key) ?? this.world.tables[0];
    const primary = target?.constraints.find(({ type }) => type === "primary key");
    const referenced = target && primary ? columnsOf(target, primary) : [];
    const actionsOf = ["CASCADE", "SET NULL", "RESTRICT", "SET DEFAULT", "NO ACTION"];
    const clauses = [
      picks.oneIn(2) ? ` ON DELETE ${picks.of(actionsOf)}` : "",
      picks.oneIn(4) ? ` ON UPDATE ${picks.of(actionsOf)}` : "",
    ];
    return `FOREIGN KEY ${list} REFERENCES ${target ? this.#path(target) : "x"} (${referenced.map((each) => quoteIdentifier(each.name)).join(", ")})${clauses.join("")}`;
  }

  #indexes(table: Table): void {
    for (const each of table.indexes) {
      const picks = new Picks(each.picks.slice(2));
      const some = columnsOf(table, each);
      const elements = some.map((found) => this.#elementSql(found, picks));
      const [first] = some;
      const where =
        picks.oneIn(3) && first
          ? ` WHERE ${this.#checkSql(quoteIdentifier(first.name), first.type, picks.next())}`
          : "";
      const method = picks.of(["", "", "", " USING hash", " USING gin", " USING brin", " USING gist"]);
      const include = picks.oneIn(5) ? ` INCLUDE (${quoteIdentifier(picks.of(table.columns)?.name ?? "a")})` : "";
      const unique = picks.oneIn(5) ? "UNIQUE " : "";
      const settings = picks.oneIn(6) ? " WITH (fillfactor = 80)" : "";
      this.#out.push(
        `CREATE ${unique}INDEX ${quoteIdentifier(each.name)} ON ${this.#path(table)}${method} (${elements.join(", ")})${include}${settings}${where}`,
      );
      this.#comment(`INDEX ${quotePath([table.schema, each.name])}`, each);
      if (picks.oneIn(8)) this.#out.push(`ALTER TABLE ${this.#path(table)} CLUSTER ON ${quoteIdentifier(each.name)}`);
    }
  }

  #elementSql({ name: own, type }: Column, picks: Picks): string {
    const quoted = quoteIdentifier(own);
    const plain = [quoted, quoted, quoted, `${quoted} DESC`, `${quoted} NULLS FIRST`, `${quoted} COLLATE "C"`];
    const others = [
      `lower(${quoted})`,
      `(${quoted} || 'x')`,
      `${quoted} text_pattern_ops`,
      `${quoted} public.gin_trgm_ops`,
    ];
    return picks.of([...plain, ...others, `(${this.#checkSql(quoted, type, picks.next())})`]) ?? quoted;
  }

  #settings(table: Table): void {
    for (const setting of table.settings) this.#out.push(`ALTER TABLE ${this.#path(table)} ${setting}`);
    const keys = [
      ...table.constraints.filter(({ type }) => type === "primary key" || type === "unique"),
      ...table.indexes,
    ];
    const chosen = table.replica === null ? undefined : keys[table.replica % Math.max(keys.length, 1)];
    if (chosen)
      this.#out.push(`ALTER TABLE ${this.#path(table)} REPLICA IDENTITY USING INDEX ${quoteIdentifier(chosen.name)}`);
  }

  #attached(table: Table): void {
    const path = this.#path(table);
    for (const each of table.attached) {
      const [found] = columnsOf(table, each);
      if (found === undefined) continue;
      const check = (value: string) => this.#checkSql(value, found.type, each.picks[3] ?? 0);
      this.#out.push(...attachedSql(each, table.schema, path, found.name, check));
      this.#comment(attachedTarget(each, table.schema, path), each);
    }
  }

  #owner(sequence: Sequence): void {
    this.#comment(`SEQUENCE ${this.#path(sequence)}`, sequence);
    if (sequence.owner === null) return;
    for (const table of this.world.tables)
      for (const each of table.columns)
        if (each.key === sequence.owner)
          this.#out.push(
            `ALTER SEQUENCE ${this.#path(sequence)} OWNED BY ${this.#path(table)}.${quoteIdentifier(each.name)}`,
          );
  }
}
