/** Tables: plain and partitioned, partitions, children of INHERITS, those of a type, and foreign ones. */

import { type CatalogObject, objectId, sameData } from "../catalog/catalog.js";
import type { TableDeclaration } from "../model/declarations.js";
import { quoteIdentifier } from "../sql/identifier.js";
import {
  type ForeignDefinition,
  foreignClause,
  foreignCode,
  foreignField,
  movesElsewhere,
  optionsAction,
  tableTarget,
} from "./foreign.js";
import type { Alteration, Kind, Statement } from "./kind.js";
import { nameLikeness, overlap } from "./likeness.js";
import { changesBefore, isInCircle, tablePersistence } from "./persistence.js";
import { fieldCodes, settingsCode, stringCode } from "./source.js";
import { alterTable, compact, jsonObject, parameterChanges, storageParameterList } from "./statements.js";
import {
  cloneNames,
  comparable,
  declaredTree,
  partitionHazards,
  refuseOtherKey,
  siblingsBefore,
  type TableTree,
  tableTies,
  treeClauses,
  treeCodes,
  treeFields,
} from "./table-tree.js";
import { relationSlot, typeSlots } from "./type.js";

export interface TableDefinition extends TableTree {
  /** Its rows are elsewhere. */
  readonly foreign?: ForeignDefinition;
  readonly unlogged?: true;
  readonly storageParameters?: Readonly<Record<string, string>>;
  readonly tablespace?: string;
  readonly accessMethod?: string;
  /** `forced but off`: FORCE without ENABLE, which does nothing yet. */
  readonly rowLevelSecurity?: "on" | "forced" | "forced but off";
}

/** The managed tables: `oid`, `nspname`, `relname` and what else of `pg_class` the kinds read. */
const managedTable = `
    SELECT c.oid, n.nspname, c.relname, c.reltype, c.relpersistence, c.reloptions, c.reltoastrelid, c.reltablespace, c.relam,
      c.relrowsecurity, c.relforcerowsecurity, c.relreplident, c.relkind, c.relispartition, c.relpartbound, c.reloftype
    FROM pg_class c JOIN managed n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'f') AND c.relpersistence <> 't'
      AND NOT EXISTS (SELECT FROM member m WHERE m.classid = 'pg_class'::regclass AND m.objid = c.oid)`;

export const tableKind: Kind<TableDefinition> = {
  name: "table",
  holdsRows: ({ definition }) => definition.foreign === undefined,
  ctes: { managed_table: managedTable },

  query: (server) => `
    SELECT 'pg_class'::regclass::oid, c.oid, 0, 'pg_type/' || c.reltype || ' pg_type/' || rt.typarray,
      json_build_array(c.nspname, c.relname), obj_description(c.oid, 'pg_class'),
      ${jsonObject({
        ...treeFields(server),
        foreign: foreignField,
        unlogged: "CASE WHEN c.relpersistence = 'u' THEN true END",
        storageParameters: `(SELECT json_object_agg(split_part(o, '=', 1), substr(o, strpos(o, '=') + 1))
          FROM (SELECT unnest(c.reloptions) AS o UNION ALL SELECT 'toast.' || unnest(tc.reloptions)) x)`,
        tablespace: "(SELECT spcname FROM pg_tablespace WHERE oid = c.reltablespace)",
        accessMethod: "(SELECT amname FROM pg_am WHERE oid = c.relam AND amname <> 'heap')",
        rowLevelSecurity:
          "CASE WHEN c.relforcerowsecurity THEN CASE WHEN c.relrowsecurity THEN 'forced' ELSE 'forced but off' END WHEN c.relrowsecurity THEN 'on' END",
      })}
    FROM managed_table c JOIN pg_type rt ON rt.oid = c.reltype LEFT JOIN pg_class tc ON tc.oid = c.reltoastrelid`,

  *declare({ tables }) {
    for (const table of tables)
      yield { path: [table.schema, table.name], comment: table.comment, definition: tableDefinition(table) };
  },

  same: (from, to) => sameData(comparable(from), comparable(to)),

  create({ path, definition }, context, inline) {
    const { unlogged, accessMethod, storageParameters, tablespace, rowLevelSecurity } = definition;
    const body = inline.length === 0 ? "()" : `(\n${inline.map((part) => `  ${part}`).join(",\n")}\n)`;
    const statement = [
      `CREATE ${unlogged ? "UNLOGGED " : ""}${tableTarget({ path, definition })}`,
      `${treeClauses(definition, body).join(" ")}${foreignClause(definition)}`,
      ...(accessMethod === undefined ? [] : [`USING ${quoteIdentifier(accessMethod)}`]),
      ...(storageParameters === undefined ? [] : [`WITH (${storageParameterList(storageParameters)})`]),
      ...(tablespace === undefined ? [] : [`TABLESPACE ${quoteIdentifier(tablespace)}`]),
    ];
    return [
      { sql: statement.join(" "), hazards: partitionHazards(definition, context) },
      ...rowSecurityChanges(path, undefined, rowLevelSecurity),
    ];
  },
  drop: (object) => [
    { sql: `DROP ${tableTarget(object)}`, hazards: object.definition.foreign === undefined ? ["data-loss"] : [] },
  ],
  dropsWith: ({ definition: { partitionOf } }) =>
    partitionOf === undefined ? [] : [objectId("table", partitionOf.table)],
  createsAfter: siblingsBefore,
  ties: tableTies,
  nameParts: cloneNames,

  alter(from, to, context): Alteration {
    const [before, after] = [from.definition, to.definition];
    refuseOtherKey(from, to);
    if (movesElsewhere(before, after)) return { op: "replace" };
    const parameters = (isToast: boolean) =>
      parameterChanges(parametersOf(before, isToast), parametersOf(after, isToast)).map((action) => ({
        sql: alterTable(to.path, action),
      }));
    const actions: Statement[] = [...parameters(false), ...tablePersistence(from, to, context)];
    if (before.tablespace !== after.tablespace)
      actions.push({
        sql: alterTable(to.path, `SET TABLESPACE ${quoteIdentifier(after.tablespace ?? "pg_default")}`),
        hazards: ["rewrite"],
      });
    if (before.accessMethod !== after.accessMethod)
      actions.push({
        sql: alterTable(to.path, `SET ACCESS METHOD ${quoteIdentifier(after.accessMethod ?? "heap")}`),
        hazards: ["rewrite"],
      });
    for (const action of optionsAction(before.foreign?.options, after.foreign?.options))
      actions.push({ sql: `ALTER ${tableTarget(to)} ${action}` });
    actions.push(...rowSecurityChanges(to.path, before.rowLevelSecurity, after.rowLevelSecurity));
    return {
      op: "statements",
      statements: actions,
      // PostgreSQL passes over those of a TOAST table that is not there; a new column may bring it.
      late: parameters(true),
      disturbs: (dependant) =>
        before.unlogged !== after.unlogged && dependant.kind === "foreign key" && isInCircle(dependant, context),
    };
  },
  altersAfter: changesBefore,
  rename: ({ path }, name) => alterTable(path, `RENAME TO ${quoteIdentifier(name)}`),
  likeness(from, to, inside) {
    const columns = (objects: readonly CatalogObject[]) =>
      objects
        .filter(({ kind }) => kind === "column")
        .map(({ path, definition }) => JSON.stringify([path[2], definition]));
    const names = nameLikeness(from.path[1] ?? "", to.path[1] ?? "");
    const [before, after] = [from.definition.partitionOf, to.definition.partitionOf];
    if (before !== undefined || after !== undefined) {
      if (before?.bound !== after?.bound) return 0;
      // Its table may have another name as well.
      const parents = [before, after].map((tie) => tie?.table[1] ?? "");
      return sameData(before?.table, after?.table) ? 1 : (names + nameLikeness(parents[0] ?? "", parents[1] ?? "")) / 2;
    }
    const shared = overlap(columns(inside.from), columns(inside.to));
    return from.path[0] === to.path[0] ? Math.max(shared, (shared + names) / 2) : 0;
  },
  commentTarget: tableTarget,
  slots: (object) => [...typeSlots(object.path), relationSlot(object.path)],

  source: (object, context) => ({
    at: "options",
    code: () => {
      const { path, comment, definition } = object;
      return fieldCodes({
        ...treeCodes(path, definition, context),
        comment: comment === null ? null : stringCode(comment),
        ...context.entries(object),
        foreign: foreignCode(definition),
        unlogged: definition.unlogged ? "true" : null,
        with: settingsCode(definition.storageParameters),
        tablespace: optionalString(definition.tablespace),
        accessMethod: optionalString(definition.accessMethod),
        rowLevelSecurity: optionalString(definition.rowLevelSecurity),
      });
    },
  }),
};

/** The storage parameters of the table itself, or those of its TOAST table. */
function parametersOf({ storageParameters = {} }: TableDefinition, isToast: boolean): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(storageParameters).filter(([name]) => name.startsWith("toast.") === isToast),
  );
}

function optionalString(value: string | undefined): string | null {
  return value === undefined ? null : stringCode(value);
}

function tableDefinition(table: TableDeclaration): TableDefinition {
  return compact<TableDefinition>({
    ...declaredTree(table),
    foreign: table.foreign,
    unlogged: table.unlogged || null,
    storageParameters: table.storageParameters,
    tablespace: table.tablespace,
    accessMethod: table.accessMethod === "heap" ? null : table.accessMethod,
    rowLevelSecurity: table.rowLevelSecurity === "off" ? null : table.rowLevelSecurity,
  });
}

function rowSecurityChanges(
  path: readonly string[],
  from: TableDefinition["rowLevelSecurity"],
  to: TableDefinition["rowLevelSecurity"],
): Statement[] {
  type Security = typeof from;
  const enabled = (security: Security) => security === "on" || security === "forced";
  const forced = (security: Security) => security === "forced" || security === "forced but off";
  const actions = [
    ...(enabled(from) === enabled(to) ? [] : [`${enabled(to) ? "ENABLE" : "DISABLE"} ROW LEVEL SECURITY`]),
    ...(forced(from) === forced(to) ? [] : [`${forced(to) ? "FORCE" : "NO FORCE"} ROW LEVEL SECURITY`]),
  ];
  return actions.map((action) => ({ sql: alterTable(path, action) }));
}
