/** Functions, window functions among them, and procedures. */

import type { CatalogObject } from "../catalog/catalog.js";
import type { Declarations, FunctionDeclaration } from "../model/declarations.js";
import { dollarQuote, quoteLiteral } from "../sql/identifier.js";
import type { Alteration, Kind, Statement } from "./kind.js";
import {
  type ArgumentDefinition,
  argumentDefinitions,
  argumentList,
  argumentsField,
  declaredPath,
  isOwnRoutine,
  quotedName,
  routineBase,
  routineColumns,
  routineSource,
} from "./routine.js";
import { objectCode, type SourceContext, stringCode, stringList } from "./source.js";
import { compact, jsonObject, optionsObject, parameterName, settingValue } from "./statements.js";

export interface FunctionDefinition {
  readonly arguments?: readonly ArgumentDefinition[];
  /** As after RETURNS: `integer`, `SETOF public.users`, `TABLE(id integer)`. Procedures have none. */
  readonly returns?: string;
  readonly language: string;
  readonly window?: true;
  readonly volatility?: "immutable" | "stable";
  readonly strict?: true;
  readonly securityDefiner?: true;
  readonly leakproof?: true;
  readonly parallel?: "safe" | "restricted";
  /** Where it is not the language's own: 1 for C and internal, 100 for others. */
  readonly cost?: number;
  /** Where it is not 1000. */
  readonly rows?: number;
  readonly support?: string;
  readonly settings?: Readonly<Record<string, string>>;
  readonly transforms?: readonly string[];
  /** A text in its language; of `internal` and C the symbol. */
  readonly body?: string;
  /** An SQL-standard body: `RETURN …` or `BEGIN ATOMIC … END`. */
  readonly sqlBody?: string;
  /** The object file of a C function. */
  readonly library?: string;
}

export const functionKind = functionOrProcedure("function", ["f", "w"]);
export const procedureKind = functionOrProcedure("procedure", ["p"]);

function functionOrProcedure(word: "function" | "procedure", prokinds: readonly string[]): Kind<FunctionDefinition> {
  return {
    ...routineBase(word),

    seenIn: `pg_proc WHERE prokind IN (${prokinds.map(quoteLiteral)}) AND oid >= 16384`,
    query: () => `${routineColumns},
      ${jsonObject({
        arguments: argumentsField,
        returns: "pg_get_function_result(p.oid)",
        language: "l.lanname",
        window: "CASE WHEN p.prokind = 'w' THEN true END",
        volatility: "CASE p.provolatile WHEN 'i' THEN 'immutable' WHEN 's' THEN 'stable' END",
        strict: "CASE WHEN p.proisstrict THEN true END",
        securityDefiner: "CASE WHEN p.prosecdef THEN true END",
        leakproof: "CASE WHEN p.proleakproof THEN true END",
        parallel: "CASE p.proparallel WHEN 's' THEN 'safe' WHEN 'r' THEN 'restricted' END",
        cost: "nullif(p.procost, CASE WHEN l.lanname IN ('c', 'internal') THEN 1 ELSE 100 END)",
        rows: "CASE WHEN p.proretset THEN nullif(p.prorows, 1000) END",
        support: "CASE WHEN p.prosupport <> 0 THEN p.prosupport::text END",
        settings: `CASE WHEN p.proconfig IS NOT NULL THEN ${optionsObject("p.proconfig")} END`,
        transforms: "(SELECT json_agg(format_type(t, NULL)) FROM unnest(p.protrftypes) t)",
        body: "CASE WHEN p.prosqlbody IS NULL THEN p.prosrc END",
        sqlBody: "pg_get_function_sqlbody(p.oid)",
        library: "p.probin",
      })}
    FROM pg_proc p JOIN managed n ON n.oid = p.pronamespace JOIN pg_language l ON l.oid = p.prolang
    WHERE p.prokind IN (${prokinds.map((prokind) => `'${prokind}'`).join(", ")}) AND ${isOwnRoutine}`,

    *declare(declarations: Declarations) {
      for (const declared of declarations[`${word}s`])
        yield { path: declaredPath(declared), comment: declared.comment, definition: functionDefinition(declared) };
    },

    create: (object) => [createStatement(word, object, "CREATE")],
    alter(from, to): Alteration {
      if (!mayReplace(from.definition, to.definition)) return { op: "replace" };
      return { op: "statements", statements: [createStatement(word, to, "CREATE OR REPLACE")] };
    },
    bindsColumns: () => true,
    mentions: ({ definition: { body, library } }) => (library === undefined ? (body ?? null) : null),

    source: (object, context) =>
      routineSource(word === "function" ? "sqlFunction" : "sqlProcedure", object, context, () =>
        functionCodes(object, context),
      ),
  };
}

/** Whether CREATE OR REPLACE can do it: the result and the arguments stay, and none loses its name or its default. */
function mayReplace(from: FunctionDefinition, to: FunctionDefinition): boolean {
  const [before, after] = [from.arguments ?? [], to.arguments ?? []];
  if (from.returns !== to.returns || from.window !== to.window || before.length !== after.length) return false;
  return before.every(({ name, mode, type, default: value }, i) => {
    const now = after[i];
    const mayBeNamed = name === undefined && mode !== "out" && mode !== "inout";
    const keepsDefault = value === undefined || now?.default !== undefined;
    return now?.mode === mode && now?.type === type && (mayBeNamed || now?.name === name) && keepsDefault;
  });
}

function createStatement(
  word: string,
  { path, definition }: CatalogObject<FunctionDefinition>,
  verb: string,
): Statement {
  const { returns, transforms, settings } = definition;
  const head = `${verb} ${word.toUpperCase()} ${quotedName(path)}(${argumentList(definition.arguments)})`;
  const lines = [
    `${head}${returns === undefined ? "" : ` RETURNS ${returns}`}`,
    ["LANGUAGE", languageName(definition.language), ...attributes(definition)].join(" "),
    ...(transforms === undefined ? [] : [`TRANSFORM ${transforms.map((type) => `FOR TYPE ${type}`).join(", ")}`]),
    ...Object.entries(settings ?? {}).map(
      ([name, value]) => `SET ${parameterName(name)} TO ${settingValue(name, value)}`,
    ),
    bodyClause(definition),
  ];
  return { sql: lines.join("\n") };
}

function languageName(language: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(language) ? language : quoteLiteral(language).trimStart();
}

function attributes(definition: FunctionDefinition): readonly string[] {
  const { window, volatility, strict, securityDefiner, leakproof, parallel, cost, rows, support } = definition;
  return [
    ...(window ? ["WINDOW"] : []),
    ...(volatility === undefined ? [] : [volatility.toUpperCase()]),
    ...(strict ? ["STRICT"] : []),
    ...(securityDefiner ? ["SECURITY DEFINER"] : []),
    ...(leakproof ? ["LEAKPROOF"] : []),
    ...(parallel === undefined ? [] : [`PARALLEL ${parallel.toUpperCase()}`]),
    ...(cost === undefined ? [] : [`COST ${cost}`]),
    ...(rows === undefined ? [] : [`ROWS ${rows}`]),
    ...(support === undefined ? [] : [`SUPPORT ${support}`]),
  ];
}

function bodyClause({ body = "", sqlBody, library, language }: FunctionDefinition): string {
  if (sqlBody !== undefined) return sqlBody;
  if (library !== undefined) return `AS ${quoteLiteral(library).trimStart()}, ${quoteLiteral(body).trimStart()}`;
  return `AS ${language === "internal" ? quoteLiteral(body).trimStart() : dollarQuote(body)}`;
}

function functionDefinition(declared: FunctionDeclaration): FunctionDefinition {
  return compact<FunctionDefinition>({
    arguments: argumentDefinitions(declared.arguments),
    returns: declared.returns,
    language: declared.language,
    window: declared.window || null,
    volatility: declared.volatility === "volatile" ? null : declared.volatility,
    strict: declared.strict || null,
    securityDefiner: declared.securityDefiner || null,
    leakproof: declared.leakproof || null,
    parallel: declared.parallel === "unsafe" ? null : declared.parallel,
    cost: declared.cost,
    rows: declared.rows,
    support: declared.support,
    settings: declared.settings,
    transforms: declared.transforms,
    body: declared.body,
    sqlBody: declared.sqlBody,
    library: declared.library,
  });
}

/** The options of `sqlFunction()` and `sqlProcedure()`, in the order in which one reads them. */
function functionCodes(
  { path, definition }: CatalogObject<FunctionDefinition>,
  context: SourceContext,
): Readonly<Record<string, string | null>> {
  const { returns, language, settings, transforms, body, sqlBody } = definition;
  const text = (value: string | undefined) => (value === undefined ? null : stringCode(value));
  const flag = (value: true | undefined) => (value ? "true" : null);
  const number = (value: number | undefined) => (value === undefined ? null : String(value));
  return {
    returns: returns === undefined ? null : (context.knownType(returns) ?? stringCode(returns)),
    language: language === "sql" ? null : stringCode(language),
    window: flag(definition.window),
    volatility: text(definition.volatility),
    strict: flag(definition.strict),
    securityDefiner: flag(definition.securityDefiner),
    leakproof: flag(definition.leakproof),
    parallel: text(definition.parallel),
    cost: number(definition.cost),
    rows: number(definition.rows),
    support: text(definition.support),
    settings:
      settings === undefined
        ? null
        : objectCode(Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, stringCode(value)]))),
    transforms: transforms === undefined ? null : stringList(transforms),
    library: text(definition.library),
    body: body === undefined ? null : context.text(path, body),
    sqlBody: sqlBody === undefined ? null : context.text(path, sqlBody),
  };
}
