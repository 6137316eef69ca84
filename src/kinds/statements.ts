/** Small pieces of SQL text that several kinds write. */

import { quoteIdentifier, quoteLiteral, quotePath } from "../sql/identifier.js";

/** `fillfactor='70', autovacuum_enabled='off'` as after WITH or SET. Names may have a `toast.` before them. */
export function storageParameterList(parameters: Readonly<Record<string, string>>): string {
  return Object.entries(parameters)
    .map(([name, value]) => `${parameterName(name)}=${quoteLiteral(value).trimStart()}`)
    .join(", ");
}

/** `toast.autovacuum_enabled` → `"toast"."autovacuum_enabled"`. */
export function parameterName(name: string): string {
  return name.split(".").map(quoteIdentifier).join(".");
}

/** ALTER … SET (…) and RESET (…) that turn one set of parameters into another. */
export function parameterChanges(
  from: Readonly<Record<string, string>> = {},
  to: Readonly<Record<string, string>> = {},
): string[] {
  const set = Object.fromEntries(Object.entries(to).filter(([name, value]) => from[name] !== value));
  const reset = Object.keys(from).filter((name) => !(name in to));
  return [
    ...(Object.keys(set).length > 0 ? [`SET (${storageParameterList(set)})`] : []),
    ...(reset.length > 0 ? [`RESET (${reset.map(parameterName).join(", ")})`] : []),
  ];
}

/** `ALTER TABLE "public"."users" …` for an object whose path starts with its table's. */
export function alterTable(path: readonly string[], action: string): string {
  return `ALTER TABLE ${quotePath(path.slice(0, 2))} ${action}`;
}

/** `("a", "b")`. */
export function columnList(columns: readonly string[]): string {
  return `(${columns.map(quoteIdentifier).join(", ")})`;
}

/**
 * A definition from its fields, without those that are null, undefined, false or empty: it says only what is not the
 * default, as the readers' `json_strip_nulls` does.
 */
export function compact<Definition extends object>(
  fields: {
    [K in keyof Definition]-?: Definition[K] | null | undefined | false;
  },
): Definition {
  const entries = Object.entries(fields).filter(([, value]) => {
    if (value === null || value === undefined || value === false) return false;
    if (Array.isArray(value)) return value.length > 0;
    return typeof value !== "object" || Object.keys(value as object).length > 0;
  });
  // A definition's optional fields are the only ones that callers may pass as null, which the parameter's type can't say.
  return Object.fromEntries(entries) as Definition;
}

/** The SQL of a JSON object without its nulls: `json_strip_nulls(json_build_object('a', x, …))`. */
export function jsonObject(fields: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(fields).map(([name, expression]) => `'${name}', ${expression}`);
  return `json_strip_nulls(json_build_object(${pairs.join(", ")}))`;
}

/** A condition: the object belongs to no extension. */
export function notMember(catalog: string, oid: string): string {
  return `NOT EXISTS (SELECT FROM member m WHERE m.classid = '${catalog}'::regclass AND m.objid = ${oid})`;
}

/** reloptions and the like (`{a=b,c=d}`) as a JSON object, NULL where there are none. */
export function optionsObject(column: string, prefix = ""): string {
  return `(SELECT json_object_agg('${prefix}' || split_part(o, '=', 1), substr(o, strpos(o, '=') + 1)) FROM unnest(${column}) o)`;
}

/** A collation's qualified name as SQL, NULL for OID 0. */
export function collationName(oid: string): string {
  return `(SELECT quote_ident(cn.nspname) || '.' || quote_ident(co.collname) FROM pg_collation co JOIN pg_namespace cn ON cn.oid = co.collnamespace WHERE co.oid = ${oid})`;
}

/** Names of columns by number, in order, as a JSON array; NULL where there are none. */
export function columnNames(relation: string, numbers: string): string {
  return `(SELECT json_agg(ka.attname ORDER BY kn.n) FROM unnest(${numbers}) WITH ORDINALITY kn(attnum, n) JOIN pg_attribute ka ON ka.attrelid = ${relation} AND ka.attnum = kn.attnum)`;
}

/** Settings whose value is a list of names: each is quoted by itself. */
const listSettings: ReadonlySet<string> = new Set([
  ..."search_path temp_tablespaces local_preload_libraries session_preload_libraries".split(" "),
  ..."shared_preload_libraries unix_socket_directories".split(" "),
]);

export function isListSetting(name: string): boolean {
  return listSettings.has(name.toLowerCase());
}

/** The names in the value of such a setting: `"$user", app` → `$user` and `app`. */
export function settingNames(value: string): readonly string[] {
  return [...value.matchAll(/"((?:[^"]|"")*)"|([^\s,"]+)/g)].map(([, quoted, bare]) =>
    quoted === undefined ? (bare ?? "").toLowerCase() : quoted.replaceAll('""', '"'),
  );
}

/** A setting's value as after SET … TO. */
export function settingValue(name: string, value: string): string {
  if (!isListSetting(name)) return quoteLiteral(value).trimStart();
  const names = settingNames(value);
  return (names.length === 0 ? [""] : names).map((each) => quoteLiteral(each).trimStart()).join(", ");
}
