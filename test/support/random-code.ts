/** Functions and views of a random world, and what uses them. */

import { quoteIdentifier, quoteLiteral, quotePath } from "../../src/sql/identifier.js";
import { type Move, name, Picks } from "./random-picks.js";
import {
  type Action,
  type Column,
  type InSchema,
  relations,
  schemaName,
  type Table,
  type World,
} from "./random-schema.js";

/** A function of a column's type, and the places that call it with that column. */
export interface Routine extends InSchema {
  readonly key: number;
  /** A column by its key: what it takes and gives follows that. */
  column: number;
  template: number;
  attributes: string;
  uses: ("check" | "index" | "default" | "generated")[];
}

export interface View extends InSchema {
  readonly key: number;
  materialized: boolean;
  /** A table or another view, by its key. */
  from: number;
  /** Which columns, under which names, and which rows. */
  picks: Move;
  options: string;
  index: boolean;
}

const attributes = [
  ...["", "", "STRICT", "STABLE", "PARALLEL SAFE COST 7", "SECURITY DEFINER", "LEAKPROOF"],
  ...["SET work_mem TO '1MB'", "SET search_path TO public, pg_temp", "SET search_path TO ''"],
];
const viewOptions = ["", "", "security_barrier", "check_option = local", "security_invoker", "fillfactor = 70"];
const uses: readonly Routine["uses"][number][] = ["check", "index", "default", "generated"];

const someColumn = (world: World, picks: Picks) => picks.of(picks.of(world.tables)?.columns ?? []);

function addRoutine(world: World, picks: Picks): void {
  const column = someColumn(world, picks);
  if (column === undefined) return;
  world.routines.push({
    key: world.next++,
    schema: schemaName(world, picks),
    // Overloads are wanted.
    name: name(picks),
    comment: null,
    column: column.key,
    template: picks.next(),
    attributes: picks.of(attributes) ?? "",
    uses: uses.filter(() => picks.oneIn(3)),
  });
}

function addView(world: World, picks: Picks): void {
  const from = picks.of([...world.tables, ...world.views]);
  if (from === undefined) return;
  world.views.push({
    key: world.next++,
    schema: schemaName(world, picks),
    name: name(picks, relations(world)),
    comment: null,
    materialized: picks.oneIn(3),
    from: from.key,
    picks: picks.rest(),
    options: picks.of(viewOptions) ?? "",
    index: picks.oneIn(2),
  });
}

export const codeAdditions: readonly Action[] = [addRoutine, addRoutine, addView, addView, addView];

export const codeEdits: readonly Action[] = [
  (w, p) => {
    const routine = p.of(w.routines);
    if (routine) routine.template = p.next();
  },
  (w, p) => {
    const routine = p.of(w.routines);
    if (routine) routine.column = someColumn(w, p)?.key ?? routine.column;
  },
  (w, p) => {
    const routine = p.of(w.routines);
    if (routine) routine.attributes = p.of(attributes) ?? "";
  },
  (w, p) => {
    const routine = p.of(w.routines);
    if (routine) routine.uses = uses.filter(() => p.oneIn(2));
  },
  (w, p) => {
    const view = p.of(w.views);
    if (view) view.picks = p.rest();
  },
  (w, p) => {
    const view = p.of(w.views);
    if (view) view.options = p.of(viewOptions) ?? "";
  },
  (w, p) => {
    const view = p.of(w.views);
    if (view) view.materialized = !view.materialized;
  },
  (w, p) => {
    const view = p.of(w.views);
    if (view) view.index = !view.index;
  },
  (w, p) => {
    const found = p.of([...w.views, ...w.routines]);
    if (found) found.name = name(p);
  },
  (w, p) => {
    const found = p.of([...w.views, ...w.routines]);
    if (found) found.comment = p.oneIn(2) ? null : "a comment";
  },
  (w, p) => {
    const found = p.of([...w.views, ...w.routines]);
    if (found) found.schema = schemaName(w, p);
  },
  (w, p) => void w.views.splice(p.below(w.views.length), 1),
  (w, p) => void w.routines.splice(p.below(w.routines.length), 1),
];

const pathOf = ({ schema, name: own }: InSchema) => quotePath([schema, own]);

/** @param typeSql a column's type as SQL. */
export function routineStatements(world: World, typeSql: (type: Column["type"]) => string): readonly string[] {
  return world.routines.flatMap((routine) => {
    const table = world.tables.find(({ columns }) => columns.some(({ key }) => key === routine.column));
    const column = table?.columns.find(({ key }) => key === routine.column);
    if (table === undefined || column === undefined) return [];
    const type = typeSql(column.type);
    const path = pathOf(routine);
    const used = routine.uses.map((use) =>
      useSql(use, { table, column, call: (value) => `${path}(${value})`, key: routine.key }),
    );
    return [
      `CREATE FUNCTION ${path} ${definitionSql(routine, table, column, type)}`,
      ...(routine.comment === null ? [] : [`COMMENT ON FUNCTION ${path} IS ${quoteLiteral(routine.comment)}`]),
      ...used,
    ];
  });
}

/** Every function gives back what it takes, or says something of it. */
function definitionSql({ template, attributes: some }: Routine, table: Table, column: Column, type: string): string {
  const [own, rows] = [quoteIdentifier(column.name), pathOf(table)];
  const same = `RETURNS ${type} LANGUAGE sql IMMUTABLE ${some}`;
  const definitions = [
    `(${type}) ${same} AS 'SELECT $1'`,
    `(x ${type}) ${same} RETURN x`,
    `(x ${type}) RETURNS bigint LANGUAGE sql IMMUTABLE ${some} AS $$SELECT 1::bigint$$`,
    `(y ${type}, z ${type} DEFAULT NULL) RETURNS ${type} LANGUAGE plpgsql IMMUTABLE ${some} AS 'BEGIN RETURN y; END'`,
    `(${type}) RETURNS SETOF ${type} LANGUAGE sql STABLE BEGIN ATOMIC SELECT t.${own} FROM ${rows} t; END`,
    `(${type}) RETURNS SETOF ${rows} LANGUAGE sql STABLE ${some} AS ${quoteLiteral(`SELECT * FROM ${rows}`)}`,
    `(${rows}) RETURNS bigint LANGUAGE sql STABLE AS ${quoteLiteral(`SELECT count(*) FROM ${rows}`)}`,
    `(${type}, OUT a integer, OUT b ${type}) LANGUAGE sql AS 'SELECT 1, $1'`,
    `(${type}) RETURNS TABLE (a ${type}, b integer) LANGUAGE sql ROWS 5 AS 'SELECT $1, 1'`,
  ];
  return definitions[template % definitions.length] ?? "";
}

interface Use {
  readonly table: Table;
  readonly column: Column;
  readonly call: (value: string) => string;
  readonly key: number;
}

function useSql(use: Routine["uses"][number], { table, column, call, key }: Use): string {
  const [path, own] = [pathOf(table), quoteIdentifier(column.name)];
  switch (use) {
    case "check":
      return `ALTER TABLE ${path} ADD CONSTRAINT used_${key} CHECK (${call(own)} IS NULL OR true)`;
    case "index":
      return `CREATE INDEX used_${key}_idx ON ${path} ((${call(own)} IS NULL))`;
    case "default":
      return `ALTER TABLE ${path} ADD COLUMN used_${key} boolean DEFAULT ${call("NULL")} IS NULL`;
    case "generated":
      return `ALTER TABLE ${path} ADD COLUMN made_${key} boolean GENERATED ALWAYS AS (${call(own)} IS NULL) STORED`;
  }
}

export function viewStatements(world: World): readonly string[] {
  return world.views.flatMap((view) => viewSql(world, view));
}

function viewSql(world: World, view: View): readonly string[] {
  const picks = new Picks(view.picks);
  const table = world.tables.find(({ key }) => key === view.from);
  const other = world.views.find(({ key }) => key === view.from);
  const source = table ?? other;
  if (source === undefined) return [];
  const columns = table?.columns ?? [];
  const start = picks.below(Math.max(columns.length, 1));
  const chosen = [...columns.slice(start), ...columns.slice(0, start)].slice(0, 1 + picks.below(3));
  const list = chosen.map(({ name: own }, i) => {
    const quoted = `s.${quoteIdentifier(own)}`;
    return picks.oneIn(4) ? `${quoted}::text AS "c${i}"` : quoted;
  });
  const routine = picks.of(world.routines);
  const called = columns.find(({ key }) => key === routine?.column);
  if (routine && called && picks.oneIn(2)) list.push(`${pathOf(routine)}(s.${quoteIdentifier(called.name)}) AS called`);
  const selected = list.length === 0 ? "*" : list.join(", ");
  const joined = picks.of(world.tables);
  const from = `${pathOf(source)} s${joined && picks.oneIn(4) ? ` LEFT JOIN ${pathOf(joined)} j ON false` : ""}`;
  const [first] = chosen;
  const where = first && picks.oneIn(3) ? ` WHERE s.${quoteIdentifier(first.name)} IS NOT NULL` : "";
  const word = view.materialized ? "MATERIALIZED VIEW" : "VIEW";
  const path = pathOf(view);
  const options = view.options === "" ? "" : ` WITH (${view.options})`;
  const query = `SELECT ${selected} FROM ${from}${where}`;
  const create = (having: string) => `CREATE ${word} ${path}${having} AS ${query}`;
  return [
    // What the options don't suit is made without them; where they do, the second is refused.
    create(options),
    create(""),
    ...(view.comment === null ? [] : [`COMMENT ON ${word} ${path} IS ${quoteLiteral(view.comment)}`]),
    ...(first === undefined || !view.index
      ? []
      : [`CREATE INDEX viewed_${view.key} ON ${path} (${quoteIdentifier(first.name)})`]),
  ];
}
