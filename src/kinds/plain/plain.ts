/** What kinds have in common whose objects a name and options say whole: collations, operators, publications, … */

import { type CatalogObject, sameData } from "../../catalog/catalog.js";
import type { PlainKind, PlainSettings } from "../../model/plain/plain.js";
import { quoteIdentifier, quoteLiteral, quotePath } from "../../sql/identifier.js";
import type { Kind } from "../kind.js";
import { callCode, fieldCodes, objectCode, placeFields, type SourceContext, stringCode } from "../source.js";
import { jsonObject, notMember } from "../statements.js";

/** What the catalog has beside what models say: whether what it is made of lies in schemas that are not managed. */
export interface Whereabouts {
  readonly outside?: true;
}

export type PlainCatalogDefinition<K extends PlainKind> = PlainSettings<K> & Whereabouts;
export type PlainObject<K extends PlainKind> = CatalogObject<PlainCatalogDefinition<K>>;

interface Shape<K extends PlainKind> {
  /** The function of the models. */
  readonly factory: string;
  readonly inNoSchema?: true;
  /** Its options say its security labels. */
  readonly isLabelled?: true;
  /** As after DROP and COMMENT ON. Default: the kind's name and the path. */
  readonly target?: (path: readonly string[]) => string;
  /** Options that are types: written as the models' own where there is one. */
  readonly types?: readonly (keyof PlainSettings<K> & string)[];
  /** The arguments before the options, each TypeScript, and which settings they say. Default: the name. */
  readonly arguments?: (
    object: PlainObject<K>,
    context: SourceContext,
  ) => { readonly codes: readonly string[]; readonly said: readonly (keyof PlainSettings<K> & string)[] };
}

/** The kind's words that need nothing but these. What has no ALTER is replaced. */
export function plainBase<K extends PlainKind>(name: K, shape: Shape<K>) {
  const target = shape.target ?? ((path) => `${name.toUpperCase()} ${quotePath(path)}`);
  return {
    name,
    ...(shape.inNoSchema ? { inNoSchema: true as const } : {}),
    *declare({ plain }) {
      // A declaration has the settings of its kind.
      for (const { kind, path, comment, definition } of plain)
        if (kind === name) yield { path, comment, definition: definition as PlainCatalogDefinition<K> };
    },
    same: ({ outside: _a, ...from }, { outside: _b, ...to }) => sameData(from, to),
    isOutside: ({ definition }) => definition.outside === true,
    drop: ({ path }) => [{ sql: `DROP ${target(path)}` }],
    renamesFreely: true,
    commentTarget: ({ path }) => target(path),
    source(object, context) {
      // What is not the project's, such as a platform's, is not for its models to say.
      if (object.definition.outside) return null;
      return { at: "objects", code: () => plainCode(object, shape, context) };
    },
  } satisfies Partial<Kind<PlainCatalogDefinition<K>>>;
}

/** `ALTER COLLATION "public"."german" RENAME TO "deutsch"`. */
export function renames(target: (path: readonly string[]) => string) {
  return {
    rename: ({ path }: Pick<CatalogObject, "path">, name: string) =>
      `ALTER ${target(path)} RENAME TO ${quoteIdentifier(name)}`,
  };
}

interface FunctionsShape<K extends PlainKind> {
  readonly factory: string;
  readonly catalog: string;
  /** What the names of the catalog's columns begin with. */
  readonly prefix: string;
  /** The catalog's column of each: its name is the option, and in upper case the parameter. */
  readonly functions: Readonly<Record<keyof PlainSettings<K> & string, string>>;
}

/** A kind of objects that are made of functions: `CREATE TEXT SEARCH PARSER "public"."words" (START = prsd_start, …)`. */
export function functionsKind<K extends PlainKind>(
  name: K,
  { factory, catalog, prefix, functions }: FunctionsShape<K>,
): Kind<PlainCatalogDefinition<K>> {
  const target = (path: readonly string[]) => `${name.toUpperCase()} ${quotePath(path)}`;
  const columns = Object.entries<string>(functions);
  const fields = Object.fromEntries(columns.map(([option, column]) => [option, functionName(`x.${column}`)]));
  return {
    ...plainBase(name, { factory }),
    ...renames(target),
    seenIn: `${catalog} WHERE oid >= 16384`,
    query: () =>
      `${plainColumns(catalog, `n.nspname, x.${prefix}name`, fields)} JOIN managed n ON n.oid = x.${prefix}namespace WHERE ${isUsers(catalog)}`,
    create: ({ path, definition }) => {
      // All that there is of such an object are its functions, by name.
      const said = definition as Readonly<Record<string, string | undefined>>;
      const parameters = columns.map(([option]) => [option.toUpperCase(), said[option]]);
      return [{ sql: `CREATE ${target(path)} (${parameterList(Object.fromEntries(parameters))})` }];
    },
  };
}

function plainCode<K extends PlainKind>(object: PlainObject<K>, shape: Shape<K>, context: SourceContext): string {
  const { codes, said } = shape.arguments?.(object, context) ?? {
    codes: [stringCode(object.path.at(-1) ?? "")],
    said: [],
  };
  const types: readonly string[] = shape.types ?? [];
  const options = Object.entries(object.definition).flatMap(([name, value]) =>
    (said as readonly string[]).includes(name)
      ? []
      : [[name, types.includes(name) ? typeNameCode(String(value), context) : valueCode(value)]],
  );
  const place = placeFields(object, context);
  const fields = {
    ...Object.fromEntries(options),
    ...(shape.inNoSchema ? { comment: place.comment } : place),
    ...(shape.isLabelled ? context.entries(object) : {}),
  };
  return callCode(context.use(shape.factory), ...codes, entriesCode(fields));
}

/** A type as models take it: one of their own where there is one, else SQL. */
export function typeNameCode(sql: string, context: SourceContext): string {
  return context.knownType(sql) ?? stringCode(sql);
}

/** An object in one line where that is short, else an entry per line. */
export function entriesCode(fields: Readonly<Record<string, string | null>>): string {
  const line = objectCode(fields);
  if (line.length <= 90 && !line.includes("\n")) return line;
  return `{\n${fieldCodes(fields)
    .map((field) => `  ${field},\n`)
    .join("")}}`;
}

/** Plain data as TypeScript. */
export function valueCode(value: unknown): string {
  if (Array.isArray(value)) return listCode(value.map(valueCode));
  if (typeof value !== "object" || value === null) return typeof value === "string" ? stringCode(value) : String(value);
  return objectCode(Object.fromEntries(Object.entries(value).map(([key, member]) => [key, valueCode(member)]))) || "{}";
}

function listCode(elements: readonly string[]): string {
  const line = `[${elements.join(", ")}]`;
  return line.length <= 90 ? line : `[\n${elements.map((element) => `    ${element},\n`).join("")}  ]`;
}

/** The start of a kind's query: its address, its path, its comment. The row is `x`, of `catalog`. */
export function plainColumns(
  catalog: string,
  path: string,
  settings: Readonly<Record<string, string>>,
  aliases = "NULL::text",
): string {
  return `SELECT '${catalog}'::regclass::oid, x.oid, 0, ${aliases}, json_build_array(${path}),
      obj_description(x.oid, '${catalog}'), ${jsonObject(settings)}
    FROM ${catalog} x`;
}

/** A condition: it is a user's own. */
export function isUsers(catalog: string): string {
  return `x.oid >= 16384 AND ${notMember(catalog, "x.oid")}`;
}

/** The setting `outside`: one of these functions or types lies in a schema of users that is not managed. */
export function outsideField(oids: {
  readonly functions?: readonly string[];
  readonly types?: readonly string[];
}): string {
  const isElsewhere = (namespace: string) =>
    `${namespace} <> 'pg_catalog'::regnamespace AND ${namespace} NOT IN (SELECT oid FROM managed)`;
  const conditions = [
    ...(oids.functions?.length
      ? [
          `EXISTS (SELECT FROM pg_proc f WHERE f.oid IN (${oids.functions.join(", ")}) AND ${isElsewhere("f.pronamespace")})`,
        ]
      : []),
    ...(oids.types?.length
      ? [
          `EXISTS (SELECT FROM pg_type t WHERE t.oid IN (${oids.types.join(", ")}) AND ${isElsewhere("t.typnamespace")})`,
        ]
      : []),
  ];
  return `CASE WHEN ${conditions.join(" OR ")} THEN true END`;
}

/** A function's name as SQL; NULL for none. */
export function functionName(oid: string): string {
  return `CASE WHEN ${oid} <> 0 THEN ${oid}::regproc::text END`;
}

/** The same with its arguments. */
export function functionSignature(oid: string): string {
  return `CASE WHEN ${oid} <> 0 THEN ${oid}::regprocedure::text END`;
}

/** An operator's name as SQL: `app.<~>`; of PostgreSQL's own, bare. */
export function operatorName(oid: string): string {
  return `(SELECT CASE WHEN opn.nspname <> 'pg_catalog' THEN quote_ident(opn.nspname) || '.' ELSE '' END || op.oprname
        FROM pg_operator op JOIN pg_namespace opn ON opn.oid = op.oprnamespace WHERE op.oid = ${oid})`;
}

/** A name as SQL of what lies in a schema: `app.words`; of PostgreSQL's own, bare. `prefix`: of the catalog's columns. */
export function qualifiedName(catalog: string, prefix: string, oid: string): string {
  return `(SELECT CASE WHEN qn.nspname <> 'pg_catalog' THEN quote_ident(qn.nspname) || '.' ELSE '' END || quote_ident(q.${prefix}name)
        FROM ${catalog} q JOIN pg_namespace qn ON qn.oid = q.${prefix}namespace WHERE q.oid = ${oid})`;
}

/** `name = value, …` of what is said. */
export function parameterList(parameters: Readonly<Record<string, string | null | undefined>>): string {
  return Object.entries(parameters)
    .flatMap(([name, value]) => (value === null || value === undefined ? [] : [`${name} = ${value}`]))
    .join(", ");
}

/** A literal without the blank before it, of a text that is there. */
export function literalOf(text: string | undefined): string | null {
  return text === undefined ? null : quoteLiteral(text).trimStart();
}
