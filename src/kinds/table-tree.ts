/** A table's place among others: how it is partitioned, whose partition or child it is, of which type. */

import { type Catalog, type CatalogObject, objectId } from "../catalog/catalog.js";
import { AthanorError } from "../errors.js";
import type { TableDeclaration } from "../model/declarations.js";
import { newList, remember } from "../remember.js";
import { displayName, quoteLiteral, quotePath } from "../sql/identifier.js";
import { childrenOf } from "./family.js";
import { elementDefinition, elementSql } from "./index-element.js";
import type { Hazard, PlanContext, ServerInfo, Statement, Tie } from "./kind.js";
import { partitionKeyCode } from "./partition-source.js";
import type { SourceContext } from "./source.js";
import { alterTable } from "./statements.js";
import type { TableDefinition } from "./table.js";
import { triggerStatesWithin } from "./trigger-state.js";

/** What of a table says where it stands. */
export interface TableTree {
  /** As after PARTITION BY: `RANGE (created_at)`. */
  readonly partitionBy?: string;
  /** `bound`: as after the table's name, such as `FOR VALUES IN ('de')` or `DEFAULT`. */
  readonly partitionOf?: {
    readonly table: readonly string[];
    readonly bound: string;
    /** The table above all, where that is another; as printed only. */
    readonly root?: readonly string[];
  };
  /** The tables after INHERITS. */
  readonly inherits?: readonly (readonly string[])[];
  readonly ofType?: readonly string[];
  /** How indexes of the parent are called here, which PostgreSQL chose: parent's name → own. Not compared. */
  readonly clones?: Readonly<Record<string, string>>;
  /** What would stay here if the parents lost it. Not compared, since no statement takes it from them. */
  readonly mergedNotNull?: readonly string[];
  readonly merged?: { readonly columns?: readonly string[]; readonly checks?: readonly string[] };
}

const hasMerged = `c.reloftype = 0 AND NOT c.relispartition AND EXISTS (SELECT FROM pg_inherits i WHERE i.inhrelid = c.oid)`;

/** The fields of `TableTree` as SQL, over `managed_table c`. */
export const treeFields = ({ version }: ServerInfo): Readonly<Record<string, string>> => ({
  partitionBy: "CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END",
  partitionOf: `CASE WHEN c.relispartition THEN (
    SELECT json_build_object('table', json_build_array(pn.nspname, p.relname), 'bound', pg_get_expr(c.relpartbound, c.oid),
      'root', CASE WHEN p.relispartition THEN (
        SELECT json_build_array(rn.nspname, r.relname) FROM pg_class r JOIN pg_namespace rn ON rn.oid = r.relnamespace WHERE r.oid = pg_partition_root(p.oid)) END)
    FROM pg_inherits i JOIN pg_class p ON p.oid = i.inhparent JOIN pg_namespace pn ON pn.oid = p.relnamespace WHERE i.inhrelid = c.oid) END`,
  inherits: `CASE WHEN NOT c.relispartition THEN (
    SELECT json_agg(json_build_array(pn.nspname, p.relname) ORDER BY i.inhseqno)
    FROM pg_inherits i JOIN pg_class p ON p.oid = i.inhparent JOIN pg_namespace pn ON pn.oid = p.relnamespace WHERE i.inhrelid = c.oid) END`,
  ofType: `CASE WHEN c.reloftype <> 0 THEN (
    SELECT json_build_array(tn.nspname, ot.typname) FROM pg_type ot JOIN pg_namespace tn ON tn.oid = ot.typnamespace WHERE ot.oid = c.reloftype) END`,
  clones: `CASE WHEN c.relispartition THEN (
    SELECT json_object_agg(pic.relname, ic.relname) FROM pg_index x JOIN pg_inherits i ON i.inhrelid = x.indexrelid
      JOIN pg_class ic ON ic.oid = i.inhrelid JOIN pg_class pic ON pic.oid = i.inhparent WHERE x.indrelid = c.oid) END`,
  merged: `CASE WHEN ${hasMerged} THEN json_strip_nulls(json_build_object(
    'columns', (SELECT json_agg(a.attname ORDER BY a.attnum) FROM pg_attribute a
      WHERE a.attrelid = c.oid AND a.attnum > 0 AND a.attislocal AND a.attinhcount > 0 AND NOT a.attisdropped),
    'checks', (SELECT json_agg(k.conname ORDER BY k.conname) FROM pg_constraint k
      WHERE k.conrelid = c.oid AND k.contype = 'c' AND k.conislocal AND k.coninhcount > 0))) END`,
  ...(version >= 180000
    ? {
        mergedNotNull: `CASE WHEN c.relispartition OR ${hasMerged} THEN (
          SELECT json_agg(a.attname ORDER BY a.attnum) FROM pg_constraint k JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
          WHERE k.conrelid = c.oid AND k.contype = 'n' AND k.conislocal AND k.coninhcount > 0) END`,
      }
    : {}),
});

export function declaredTree({ partitionBy, partitionOf, inherits, ofType }: TableDeclaration) {
  return {
    partitionBy:
      partitionBy === null
        ? null
        : typeof partitionBy === "string"
          ? partitionBy
          : `${partitionBy.strategy.toUpperCase()} (${partitionBy.elements.map((element) => elementSql(elementDefinition(element))).join(", ")})`,
    partitionOf:
      partitionOf === null ? null : { table: [partitionOf.schema, partitionOf.table], bound: partitionOf.bound },
    inherits: inherits.map(({ schema, table }) => [schema, table]),
    ofType: ofType === null ? null : [ofType.schema, ofType.name],
    clones: null,
    merged: null,
    mergedNotNull: null,
  };
}

/** What is compared: the order of parents says nothing once the table is there. */
export function comparable({
  clones: _,
  merged: _m,
  mergedNotNull: _n,
  inherits,
  ...rest
}: TableDefinition): TableDefinition {
  return inherits === undefined
    ? rest
    : { ...rest, inherits: [...inherits].sort((a, b) => (quotePath(a) < quotePath(b) ? -1 : 1)) };
}

/** What stands after the name in CREATE TABLE. `body`: columns and constraints, `()` for none. */
export function treeClauses(
  { partitionBy, partitionOf, inherits, ofType }: TableTree,
  body: string,
): readonly string[] {
  const said = body === "()" ? [] : [body];
  const key = partitionBy === undefined ? [] : [`PARTITION BY ${partitionBy}`];
  if (partitionOf !== undefined)
    return [`PARTITION OF ${quotePath(partitionOf.table)}`, ...said, partitionOf.bound, ...key];
  if (ofType !== undefined) return [`OF ${quotePath(ofType)}`, ...said, ...key];
  return [body, ...(inherits === undefined ? [] : [`INHERITS (${inherits.map(quotePath).join(", ")})`]), ...key];
}

/** A partition that is new takes rows from the default one: they are looked through, and it fails where there are any. */
export function partitionHazards({ partitionOf }: TableTree, { from, survives }: PlanContext): readonly Hazard[] {
  if (partitionOf === undefined) return [];
  const rest = childrenOf(from, partitionOf.table).find(
    (sibling) => sibling.definition.partitionOf?.bound === "DEFAULT",
  );
  return rest !== undefined && survives("table", rest.path) ? ["may-fail", "scan"] : [];
}

/** The siblings that may be where a new partition wants to be. */
export function siblingsBefore(
  { definition: { partitionOf } }: CatalogObject<TableTree>,
  { from }: PlanContext,
): readonly string[] {
  return partitionOf === undefined ? [] : childrenOf(from, partitionOf.table).map(({ id }) => id);
}

/** PostgreSQL has no ALTER for how a table is partitioned. @throws AthanorError `plan.partition_key` */
export function refuseOtherKey(from: CatalogObject<TableTree>, to: CatalogObject<TableTree>): void {
  const [before, after] = [from.definition.partitionBy, to.definition.partitionBy];
  if (before === after) return;
  const is = (key: string | undefined) => (key === undefined ? "not partitioned" : `partitioned by ${key}`);
  const name = displayName(to.path);
  throw new AthanorError(
    "plan.partition_key",
    `Table ${name} is ${is(before)} and is to be ${is(after)}, which PostgreSQL can't change in a table that stands. Rename it in a migration of its own, let the models create the new one, copy the rows with INSERT INTO ${name} SELECT, and drop the old one.`,
  );
}

/** Its ties, each with the statements that cut and make it. */
export function tableTies({ path, definition }: CatalogObject<TableDefinition>, catalog: Catalog): readonly Tie[] {
  const { partitionOf, inherits = [], ofType } = definition;
  const name = quotePath(path);
  if (partitionOf !== undefined) {
    const { table, bound } = partitionOf;
    const [child, parent] = [displayName(path), displayName(table)];
    return [
      {
        name: `partition of ${quotePath(table)} ${bound}`,
        cut: {
          sql: alterTable(table, `DETACH PARTITION ${name}`),
          sentence: `detach ${child} from ${parent}; it keeps its rows`,
          hazards: isReferenced(table, catalog) ? ["may-fail", "scan"] : [],
        },
        make: {
          sql: alterTable(table, `ATTACH PARTITION ${name} ${bound}`),
          sentence: `attach ${child} to ${parent}: its rows have to fit, and are looked through unless a CHECK says that they do`,
          hazards: ["may-fail", "scan"],
        },
        again: () => triggerStatesWithin(path, catalog),
      },
    ];
  }
  return [
    ...inherits.map((parent) => ({
      name: `child of ${quotePath(parent)}`,
      cut: statement(
        path,
        `NO INHERIT ${quotePath(parent)}`,
        `${displayName(path)} no longer inherits from ${displayName(parent)}`,
      ),
      make: statement(
        path,
        `INHERIT ${quotePath(parent)}`,
        `${displayName(path)} inherits from ${displayName(parent)}`,
      ),
    })),
    ...(ofType === undefined
      ? []
      : [
          {
            name: `of type ${quotePath(ofType)}`,
            holds: objectId("composite type", ofType),
            cut: statement(path, "NOT OF", `${displayName(path)} is no longer of type ${displayName(ofType)}`),
            make: statement(path, `OF ${quotePath(ofType)}`, `${displayName(path)} is of type ${displayName(ofType)}`),
          },
        ]),
  ];
}

function statement(path: readonly string[], action: string, sentence: string): Statement {
  return { sql: alterTable(path, action), sentence };
}

/** Rows that others reference may not leave. */
function isReferenced(table: readonly string[], { objects }: Catalog): boolean {
  const id = objectId("table", table);
  return [...objects.values()].some(({ kind, definition }) => {
    if (kind !== "foreign key") return false;
    // Objects of this kind have this definition.
    return objectId("table", (definition as { readonly table: readonly string[] }).table) === id;
  });
}

/** Statements that give indexes of partitions the names that they have in the catalog; those of upper levels come first. */
export function cloneNames(tables: readonly CatalogObject<TableTree>[]): readonly string[] {
  const byId = new Map(tables.map((table) => [table.id, table]));
  const depth = (table: CatalogObject<TableTree> | undefined): number => {
    const parent = table?.definition.partitionOf?.table;
    return parent === undefined ? 0 : 1 + depth(byId.get(objectId("table", parent)));
  };
  const levels = new Map<number, object[]>();
  for (const table of tables) {
    const { partitionOf, clones = {} } = table.definition;
    if (partitionOf === undefined) continue;
    const [schema, name] = table.path;
    const entries = Object.entries(clones).map(([parent, own]) => ({ schema, name, parent, own }));
    if (entries.length > 0) remember(levels, depth(table), newList<object>).push(...entries);
  }
  return [...levels].sort(([a], [b]) => a - b).map(([, entries]) => renamedClones(entries));
}

/** All step aside first: one may have another's name. */
function renamedClones(entries: readonly object[]): string {
  const found = `
    SELECT i.inhrelid::regclass AS index, i.inhrelid AS oid, w.own FROM jsonb_to_recordset(${quoteLiteral(JSON.stringify(entries)).trimStart()})
      AS w(schema text, name text, parent text, own text)
    JOIN pg_namespace n ON n.nspname = w.schema JOIN pg_class t ON t.relnamespace = n.oid AND t.relname = w.name
    JOIN pg_index x ON x.indrelid = t.oid JOIN pg_inherits i ON i.inhrelid = x.indexrelid
    JOIN pg_class p ON p.oid = i.inhparent AND p.relname = w.parent JOIN pg_class c ON c.oid = i.inhrelid AND c.relname <> w.own`;
  const rename = (name: string) =>
    `FOR clone IN ${found} LOOP EXECUTE format('ALTER INDEX %s RENAME TO %I', clone.index, ${name}); END LOOP;`;
  const body = `DECLARE clone record; BEGIN ${rename("'athanor ' || clone.oid")} ${rename("clone.own")} END`;
  return `DO ${quoteLiteral(body).trimStart()}`;
}

/** Entries of the model's options. Its partitions are written with it: see codegen. */
export function treeCodes(
  path: readonly string[],
  { partitionBy, inherits, ofType }: TableTree,
  context: SourceContext,
): Readonly<Record<string, string | null>> {
  const parents = (inherits ?? []).flatMap((parent) => context.model(parent) ?? []);
  return {
    partitionBy: partitionBy === undefined ? null : partitionKeyCode(path, partitionBy, context),
    inherits: parents.length === 0 ? null : `() => [${parents.join(", ")}]`,
    ofType: ofType === undefined ? null : context.typeConstant(ofType),
  };
}
