/**
 * Security labels: what a provider's library, such as PostgreSQL Anonymizer's, is told of objects. A scratch database need not
 * have the library: there its labels stand in a setting of the session (`scratch/security-label.ts`), which is read with the others.
 */

import { type Catalog, type CatalogObject, objectId } from "../catalog/catalog.js";
import type { Declarations, SecurityLabelDeclaration } from "../model/declarations.js";
import { remember } from "../remember.js";
import { displayName, quoteIdentifier, quoteLiteral, quotePath } from "../sql/identifier.js";
import type { CompositeDefinition } from "./composite.js";
import { ancestorsOf, effectiveColumns } from "./family.js";
import { tableTarget } from "./foreign.js";
import type { Kind, PlanContext, Statement } from "./kind.js";
import type { QueryDefinition } from "./relation-query.js";
import { alterTarget, declaredHolder, holderOf, holderText, managedJoin, securableCatalogs } from "./securable.js";
import { callCode, fieldCodes, objectCode, type SourceContext, stringCode } from "./source.js";
import { compact } from "./statements.js";
import type { TableDefinition } from "./table.js";

/** One provider's labels on an object. */
export interface SecurityLabelDefinition {
  readonly label?: string;
  /** On columns, by their names. */
  readonly columns?: Readonly<Record<string, string>>;
}

/** The setting: `{ '[catalog, object, column, "provider"]': "label" }`, by OIDs, so that it follows the object's name. */
export const labelSetting = "athanor.security_labels";

const label = `
  SELECT CASE WHEN c.relkind = 'c' THEN 'pg_type'::regclass::oid ELSE l.classoid END AS classoid,
    CASE WHEN c.relkind = 'c' THEN c.reltype ELSE l.objoid END AS objoid, l.provider,
    json_strip_nulls(json_build_object('label', max(l.label) FILTER (WHERE l.objsubid = 0),
      'columns', json_object_agg(a.attname, l.label ORDER BY a.attname COLLATE "C") FILTER (WHERE l.objsubid > 0))) AS definition
  FROM (SELECT classoid, objoid, objsubid, provider, label FROM pg_seclabel
    UNION ALL SELECT classoid, objoid, 0, provider, label FROM pg_shseclabel
    UNION ALL SELECT (key::json->>0)::oid, (key::json->>1)::oid, (key::json->>2)::int, key::json->>3, value
      FROM jsonb_each_text(coalesce(nullif(current_setting('${labelSetting}', true), ''), '{}')::jsonb)) l
    LEFT JOIN pg_class c ON l.classoid = 'pg_class'::regclass AND c.oid = l.objoid
    LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = l.objsubid AND NOT a.attisdropped
  WHERE l.objsubid = 0 OR a.attname IS NOT NULL
  GROUP BY 1, 2, 3`;

/** Its path: the holder's kind and path, and the provider. */
export const securityLabelKind: Kind<SecurityLabelDefinition> = {
  ...labelBase("security label", (declaration) => declaration.of !== "role"),
  ctes: { label },
  seenIn: `pg_namespace WHERE EXISTS (SELECT FROM pg_catalog.pg_seclabel) OR EXISTS (SELECT FROM pg_catalog.pg_shseclabel) OR current_setting('${labelSetting}', true) <> ''`,
  query: (server) =>
    [
      ...securableCatalogs(server).flatMap((each) =>
        notLabelled.has(each.catalog) ? [] : `${labelsIn(each.catalog, each.kind, each.path)} ${managedJoin(each)}`,
      ),
      ...ofDatabase.map(([catalog, kind, path, rows]) => labelsIn(catalog, kind, path, rows)),
    ].join(" UNION ALL "),
};

/** Those of roles, which are the server's as the roles are. */
export const roleLabelKind: Kind<SecurityLabelDefinition> = {
  ...labelBase("role label", (declaration) => declaration.of === "role"),
  ofServer: true,
  onRequest: "roles",
  query: () => labelsIn("pg_authid", "'role'", "x.rolname", "pg_roles"),
};

function labelBase(name: string, isHere: (declaration: SecurityLabelDeclaration) => boolean) {
  const declared = ({ securityLabels }: Declarations) => securityLabels.filter(isHere);
  return {
    name,
    parent: holderOf,
    inNoSchema: true,

    *declare(declarations) {
      for (const each of declared(declarations)) {
        const { kind, path } = declaredHolder(each);
        const columns = Object.entries(each.columns).filter(([, text]) => text !== null);
        const said = { label: each.label, columns: Object.fromEntries(columns) as Record<string, string> };
        const definition = compact<SecurityLabelDefinition>(said);
        if (Object.keys(definition).length > 0)
          yield { path: [kind, ...path, each.provider], comment: null, definition };
      }
    },

    scope: {
      topicOf: ({ path }) => path.at(-1) ?? "",
      topics: (declarations) => declared(declarations).map(({ provider }) => provider),
      isKept: true,
    },

    create: (object, context) => changes(object, {}, object.definition, context.to),
    alter: (from, to, context) => ({
      op: "statements",
      statements: changes(to, withColumnsThatStay(from, context), to.definition, context.to),
    }),
    drop: (object, context) => changes(object, object.definition, {}, context.from),

    needs: ({ path, definition: { columns = {} } }, objects) => {
      const { path: holder } = holderOf(path);
      const tables = [holder, ...ancestorsOf({ objects }, holder)];
      return Object.keys(columns).flatMap((column) => tables.map((table) => objectId("column", [...table, column])));
    },
    describe: ({ path }) => `security labels of ${path.at(-1)} on ${holderText(holderOf(path))}`,

    source: ({ path, definition }) => ({
      at: "entry",
      option: "securityLabels",
      form: "object",
      code: () =>
        fieldCodes({ [path.at(-1) ?? ""]: definition.label === undefined ? null : stringCode(definition.label) }),
    }),
  } satisfies Partial<Kind<SecurityLabelDefinition>>;
}

/** @param catalog whose rows are labelled. `rows`: where everybody may read them; default: there. */
function labelsIn(catalog: string, kind: string, path: string, rows: string = catalog): string {
  return `
    SELECT 0::oid, x.oid, 0, NULL::text, json_build_array(${kind}, ${path}, l.provider), NULL::text, l.definition
    FROM label l JOIN ${rows} x ON l.classoid = '${catalog}'::regclass AND x.oid = l.objoid`;
}

/** What has owners and privileges, and no labels. */
const notLabelled: ReadonlySet<string> = new Set(["pg_foreign_data_wrapper", "pg_foreign_server"]);

/** Catalogs of what is labelled and lies in no schema beside those with owners and privileges. */
const ofDatabase = [
  ["pg_event_trigger", "'event trigger'", "x.evtname"],
  ["pg_publication", "'publication'", "x.pubname"],
  // All databases of a server share this catalog.
  [
    "pg_subscription",
    "'subscription'",
    "x.subname",
    "(SELECT s.oid, s.subname FROM pg_subscription s JOIN pg_database d ON d.oid = s.subdbid WHERE d.datname = current_database())",
  ],
] as const;

/** `{ anon: "MASKED WITH VALUE NULL" }` of each labelled column of an object, by its name. */
export function columnLabelCodes(
  holder: Pick<CatalogObject, "kind" | "path">,
  context: Pick<SourceContext, "children">,
): ReadonlyMap<string, string> {
  const found = new Map<string, Record<string, string>>();
  for (const object of context.children({ id: objectId(holder.kind, holder.path) }, "security label")) {
    // Objects of this kind have this definition, which their common type doesn't say.
    const { columns = {} } = object.definition as SecurityLabelDefinition;
    for (const [column, text] of Object.entries(columns))
      remember<string, Record<string, string>>(found, column, () => ({}))[object.path.at(-1) ?? ""] = stringCode(text);
  }
  return new Map([...found].map(([column, codes]) => [column, objectCode(codes)]));
}

/** `.securityLabels({ … })` of a column, or nothing. */
export function columnLabelCall(
  holder: Pick<CatalogObject, "kind" | "path">,
  column: string,
  context: Pick<SourceContext, "children">,
): string {
  const code = columnLabelCodes(holder, context).get(column);
  return code === undefined ? "" : callCode(".securityLabels", code);
}

/** Turns some labels of an object into others. */
function changes(
  { path }: Pick<CatalogObject, "path">,
  from: SecurityLabelDefinition,
  to: SecurityLabelDefinition,
  catalog: Catalog,
): readonly Statement[] {
  const holder = holderOf(path);
  const provider = path.at(-1) ?? "";
  const set = (target: string, after: string | undefined): string =>
    `SECURITY LABEL FOR ${quoteIdentifier(provider)} ON ${target} IS ${after === undefined ? "NULL" : quoteLiteral(after).trimStart()}`;
  const columns = new Set([from, to].flatMap((each) => Object.keys(each.columns ?? {})));
  return [
    ...(from.label === to.label ? [] : [{ sql: set(labelTarget(holder, catalog), to.label) }]),
    ...[...columns].flatMap((column) => {
      const after = to.columns?.[column];
      if (after === from.columns?.[column]) return [];
      const own = [...holder.path, column];
      const sentence = `${after === undefined ? "remove" : "set"} security label of ${provider} on column ${displayName(own)}`;
      return [{ sql: set(`COLUMN ${quotePath(own)}`, after), sentence }];
    }),
  ];
}

/** `FOREIGN TABLE "public"."users"`, as after ON. */
function labelTarget(holder: Pick<CatalogObject, "kind" | "path">, { objects }: Catalog): string {
  const object = objects.get(objectId(holder.kind, holder.path));
  // Objects of this kind have this definition, which their common type doesn't say.
  return object?.kind === "table" ? tableTarget(object as CatalogObject<TableDefinition>) : alterTarget(holder);
}

/** Without the columns that are dropped, and their labels with them. */
function withColumnsThatStay(
  { path, definition }: CatalogObject<SecurityLabelDefinition>,
  { to }: PlanContext,
): SecurityLabelDefinition {
  const stay = columnsOf(holderOf(path), to);
  const columns = Object.entries(definition.columns ?? {}).filter(([name]) => stay.includes(name));
  return { ...definition, columns: Object.fromEntries(columns) };
}

function columnsOf(holder: Pick<CatalogObject, "kind" | "path">, catalog: Catalog): readonly string[] {
  if (holder.kind === "table") return effectiveColumns(catalog, holder.path).map(({ object }) => object.path[2] ?? "");
  // Of what else has columns, the definition says them.
  const { columns = [], attributes = [] } = (catalog.objects.get(objectId(holder.kind, holder.path))?.definition ??
    {}) as Partial<QueryDefinition & CompositeDefinition>;
  return [...columns, ...attributes].map(({ name }) => name);
}
