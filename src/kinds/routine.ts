/** What functions, procedures and aggregates share: one set of names, told apart by the types of their arguments. */

import type { CatalogObject } from "../catalog/catalog.js";
import type { ArgumentDeclaration, RoutineNamed } from "../model/declarations.js";
import { typeInName } from "../model/plain/plain.js";
import { displayName, quoteIdentifier, quotePath } from "../sql/identifier.js";
import type { Kind } from "./kind.js";
import {
  callCode,
  fieldCodes,
  keyCode,
  objectCode,
  type SourceContext,
  type SourcePart,
  sqlCode,
  stringCode,
} from "./source.js";
import { compact, notMember } from "./statements.js";

/** An argument as PostgreSQL has it. Columns of RETURNS TABLE are none. */
export interface ArgumentDefinition {
  readonly name?: string;
  readonly mode?: "out" | "inout" | "variadic";
  readonly type: string;
  readonly default?: string;
}

/**
 * The columns that every routine's query begins with. Its path is its schema and its signature, such as `total(integer)`:
 * the name as SQL, and the types of what it is called with.
 */
export const routineColumns = `
    SELECT 'pg_proc'::regclass::oid, p.oid, 0, NULL::text,
      json_build_array(n.nspname, quote_ident(p.proname) || '(' || oidvectortypes(p.proargtypes) || ')'),
      obj_description(p.oid, 'pg_proc')`;

/** A condition: it has a life of its own, unlike a range type's constructors, and no extension has it. */
export const isOwnRoutine = `NOT EXISTS (SELECT FROM pg_depend i WHERE i.classid = 'pg_proc'::regclass AND i.objid = p.oid AND i.deptype = 'i')
      AND ${notMember("pg_proc", "p.oid")}`;

/** The arguments as JSON; what OUT leaves out of `proargtypes` stands in `proallargtypes`. */
export const argumentsField = `(SELECT json_agg(json_build_object(
          'name', nullif((p.proargnames)[a.n], ''),
          'mode', CASE (p.proargmodes)[a.n] WHEN 'o' THEN 'out' WHEN 'b' THEN 'inout' WHEN 'v' THEN 'variadic' END,
          'type', format_type(a.type, NULL),
          'default', pg_get_function_arg_default(p.oid, a.n::int)) ORDER BY a.n)
        FROM unnest(coalesce(p.proallargtypes, p.proargtypes::oid[])) WITH ORDINALITY a(type, n)
        WHERE (p.proargmodes)[a.n] IS DISTINCT FROM 't')`;

/** `total(integer)` → `total`, as SQL. */
export function routineName([, signature = ""]: readonly string[]): string {
  return /^(?:"(?:[^"]|"")*"|[^(]*)/.exec(signature)?.[0] ?? signature;
}

/** `"public"."total"(integer)`: what a routine goes by in every statement but its own CREATE. */
export function routineTarget(path: readonly string[]): string {
  return `${quotedName(path)}${(path[1] ?? "").slice(routineName(path).length)}`;
}

/** `"public"."total"`. */
export function quotedName(path: readonly string[]): string {
  return quotePath([path[0] ?? "", plainName(path)]);
}

/** The name without quotes. */
export function plainName(path: readonly string[]): string {
  const name = routineName(path);
  return name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name;
}

/** `"a" integer, OUT "b" text, VARIADIC "rest" integer[] DEFAULT '{}'`. */
export function argumentList(definitions: readonly ArgumentDefinition[] = []): string {
  return definitions
    .map(({ name, mode, type, default: value }) =>
      [
        ...(mode === undefined ? [] : [mode.toUpperCase()]),
        ...(name === undefined ? [] : [quoteIdentifier(name)]),
        type,
        ...(value === undefined ? [] : [`DEFAULT ${value}`]),
      ].join(" "),
    )
    .join(", ");
}

/** The path of a declared routine, as PostgreSQL will spell it where its types are. */
export function declaredPath({
  schema,
  name,
  arguments: all,
}: Pick<RoutineNamed, "schema" | "name" | "arguments">): readonly string[] {
  const types = all.filter(({ mode }) => mode !== "out").map(({ type }) => typeInName(type));
  return [schema, `${displayName([name])}(${types.join(", ")})`];
}

export function argumentDefinitions(declared: readonly ArgumentDeclaration[]): readonly ArgumentDefinition[] {
  return declared.map(({ name, mode, type, default: value }) =>
    compact<ArgumentDefinition>({ name, mode, type, default: value }),
  );
}

/** `AGGREGATE "public"."nobody"(*)`: what stands after ALTER, DROP and COMMENT ON. */
export function routineAddress(word: string, path: readonly string[]): string {
  const found = routineTarget(path);
  return `${word.toUpperCase()} ${word === "aggregate" && found.endsWith("()") ? `${found.slice(0, -1)}*)` : found}`;
}

/** What every kind of routine says alike. `word`: as after DROP. */
export function routineBase(word: "function" | "procedure" | "aggregate") {
  const target = (path: readonly string[]) => routineAddress(word, path);
  return {
    name: word,
    drop: ({ path }) => [{ sql: `DROP ${target(path)}` }],
    rename: ({ path }, name) => `ALTER ${target(path)} RENAME TO ${quoteIdentifier(plainName([path[0] ?? "", name]))}`,
    renamesFreely: true,
    commentTarget: ({ path }) => target(path),
    plainName,
    namedByTypes: true,
    slots: ({ path }) => [`routine ${JSON.stringify(path)}`],
    describe: (_object, path) =>
      `${word} ${[...path.slice(0, -1).map((part) => displayName([part])), path.at(-1)].join(".")}`,
  } satisfies Partial<Kind>;
}

/** A routine as a constant of the models: `sqlFunction("total", { … })`. */
export function routineSource(
  factory: string,
  object: CatalogObject<{ readonly arguments?: readonly ArgumentDefinition[] }>,
  context: SourceContext,
  fields: () => Readonly<Record<string, string | null>>,
): SourcePart {
  const [schema = ""] = object.path;
  return {
    at: "functions",
    code: () => {
      const entries = fieldCodes({
        schema: schema === context.defaultSchema ? null : stringCode(schema),
        arguments: argumentsCode(object.definition.arguments, context),
        ...fields(),
        comment: object.comment === null ? null : stringCode(object.comment),
        ...context.entries(object),
      });
      const options = entries.length === 0 ? "" : `{\n${entries.map((entry) => `  ${entry},\n`).join("")}}`;
      return callCode(context.use(factory), stringCode(plainName(object.path)), options);
    },
  };
}

/** `{ a: integer(), total: { mode: "out", type: numeric() } }`, a list where some have no name of their own. */
function argumentsCode(definitions: readonly ArgumentDefinition[] | undefined, context: SourceContext): string | null {
  if (definitions === undefined) return null;
  const names = definitions.map(({ name }) => name);
  // A key of digits would come before the others, and one that comes twice is lost.
  const isRecord =
    names.every((name) => name !== undefined && !/^\d+$/.test(name)) && new Set(names).size === names.length;
  const codes = definitions.map(({ name, mode, type, default: value }) => {
    const code = context.type(type) + (value === undefined ? "" : `.serverDefault(${sqlCode(value, context)})`);
    const own = isRecord || name === undefined ? null : stringCode(name);
    if (mode === undefined && own === null) return code;
    return objectCode({ name: own, mode: mode === undefined ? null : stringCode(mode), type: code });
  });
  if (!isRecord) return `[${codes.join(", ")}]`;
  return `{ ${codes.map((code, i) => `${keyCode(names[i] ?? "")}: ${code}`).join(", ")} }`;
}
