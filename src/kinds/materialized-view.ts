/** Materialized views. Their indexes are a kind of their own: see index-kind.ts. */

import { sameData } from "../catalog/catalog.js";
import { displayName, quoteIdentifier, quotePath } from "../sql/identifier.js";
import type { Alteration, Kind } from "./kind.js";
import {
  beginsWith,
  columnChanges,
  columnCodes,
  declaredQuery,
  managedRelations,
  type QueryDefinition,
  queryBase,
  queryCodes,
  queryFields,
  relationQuery,
} from "./relation-query.js";
import { fieldCodes, settingsCode, stringCode } from "./source.js";
import { compact, parameterChanges, storageParameterList } from "./statements.js";

interface MaterializedSettings {
  readonly storageParameters?: Readonly<Record<string, string>>;
  readonly tablespace?: string;
  readonly accessMethod?: string;
  /** Made WITH NO DATA. What REFRESH makes of it is not compared. */
  readonly unpopulated?: true;
}

export interface MaterializedViewDefinition extends QueryDefinition, MaterializedSettings {}

export const materializedViewKind: Kind<MaterializedViewDefinition> = {
  ...queryBase("MATERIALIZED VIEW"),
  bornWithRows: true,
  ctes: { managed_matview: managedRelations("m") },

  seenIn: "pg_class WHERE relkind = 'm'",
  query: () =>
    relationQuery("managed_matview", {
      ...queryFields,
      storageParameters: `(SELECT json_object_agg(split_part(o, '=', 1), substr(o, strpos(o, '=') + 1))
          FROM (SELECT unnest(c.reloptions) AS o
            UNION ALL SELECT 'toast.' || unnest(tc.reloptions) FROM pg_class tc WHERE tc.oid = c.reltoastrelid) x)`,
      tablespace: "(SELECT spcname FROM pg_tablespace WHERE oid = c.reltablespace)",
      accessMethod: "(SELECT amname FROM pg_am WHERE oid = c.relam AND amname <> 'heap')",
      unpopulated: "CASE WHEN NOT c.relispopulated THEN true END",
    }),

  *declare({ views }) {
    for (const view of views)
      if (view.materialized)
        yield {
          path: [view.schema, view.name],
          comment: view.comment,
          definition: {
            ...declaredQuery(view),
            ...compact<MaterializedSettings>({
              storageParameters: view.storageParameters,
              tablespace: view.tablespace,
              accessMethod: view.accessMethod === "heap" ? null : view.accessMethod,
              unpopulated: !view.withData || null,
            }),
          },
        };
  },

  same: (from, to) => sameData({ ...from, unpopulated: undefined }, { ...to, unpopulated: undefined }),

  create({ path, definition }) {
    const { accessMethod, storageParameters, tablespace, query, columns, unpopulated } = definition;
    const head = [
      `CREATE MATERIALIZED VIEW ${quotePath(path)}`,
      ...(accessMethod === undefined ? [] : [`USING ${quoteIdentifier(accessMethod)}`]),
      ...(storageParameters === undefined ? [] : [`WITH (${storageParameterList(storageParameters)})`]),
      ...(tablespace === undefined ? [] : [`TABLESPACE ${quoteIdentifier(tablespace)}`]),
    ].join(" ");
    return [
      { sql: `${head} AS\n${query}${unpopulated ? "\nWITH NO DATA" : ""}` },
      ...columnChanges("MATERIALIZED VIEW", path, [], columns),
    ];
  },
  drop: ({ path }) => [
    {
      sql: `DROP MATERIALIZED VIEW ${quotePath(path)}`,
      sentence: `drop materialized view ${displayName(path)}, whose rows its query can give again`,
    },
  ],

  /** Its query can't be changed. */
  alter(from, to, { to: { serverVersion } }): Alteration {
    const [before, after] = [from.definition, to.definition];
    const resetsStorage = after.columns.some(
      ({ storage }, i) => storage === undefined && before.columns[i]?.storage !== undefined,
    );
    if (
      before.query !== after.query ||
      before.columns.length !== after.columns.length ||
      !beginsWith(after.columns, before.columns) ||
      // SET STORAGE DEFAULT
      (resetsStorage && serverVersion < 160000) ||
      // SET ACCESS METHOD
      (before.accessMethod !== after.accessMethod && serverVersion < 150000)
    )
      return { op: "replace" };
    const actions = [
      ...parameterChanges(before.storageParameters, after.storageParameters),
      ...(before.tablespace === after.tablespace
        ? []
        : [`SET TABLESPACE ${quoteIdentifier(after.tablespace ?? "pg_default")}`]),
      ...(before.accessMethod === after.accessMethod
        ? []
        : [`SET ACCESS METHOD ${quoteIdentifier(after.accessMethod ?? "heap")}`]),
    ];
    return {
      op: "statements",
      statements: [
        ...actions.map((action) => ({ sql: `ALTER MATERIALIZED VIEW ${quotePath(to.path)} ${action}` })),
        ...columnChanges("MATERIALIZED VIEW", to.path, before.columns, after.columns),
      ],
    };
  },

  source: (object, context) => {
    const { storageParameters, tablespace, accessMethod, unpopulated } = object.definition;
    return {
      at: "view",
      columns: columnCodes(object, context),
      options: () =>
        fieldCodes({
          materialized: "true",
          ...queryCodes(object, context),
          with: settingsCode(storageParameters),
          tablespace: tablespace === undefined ? null : stringCode(tablespace),
          accessMethod: accessMethod === undefined ? null : stringCode(accessMethod),
          withData: unpopulated ? "false" : null,
        }),
    };
  },
};
