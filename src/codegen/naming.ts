/** What everything is called in the models: classes, files, properties, constants. */

import { type Catalog, type CatalogObject, objectId } from "../catalog/catalog.js";
import { kindOf } from "../kinds/index.js";
import { camelCase, capitalize, freeName, pascalCase, propertyNames, wordsOf } from "../kinds/source-names.js";
import * as api from "../model/index.js";
import { snakeCase } from "../model/naming.js";
import { plural, singular } from "./words.js";

/** How the database's names follow from those in the models; `source` is null for the Base's own rule. */
export interface NamingRule {
  readonly source: string | null;
  apply(name: string): string;
}

const rules: readonly NamingRule[] = [
  { source: null, apply: snakeCase },
  { source: "(name) => name", apply: (name) => name },
  {
    source: "(name) => name.charAt(0).toUpperCase() + name.slice(1)",
    apply: (name) => name.charAt(0).toUpperCase() + name.slice(1),
  },
  {
    source: 'name => name.replace(/([a-z0-9])([A-Z])/g, "$1_$2").toUpperCase()'.replace("name", "(name)"),
    apply: (name) => name.replace(/([a-z0-9])([A-Z])/g, "$1_$2").toUpperCase(),
  },
];

export interface TableNames {
  readonly path: readonly string[];
  readonly className: string;
  /** Without folder and extension. */
  readonly file: string;
  /** `post` and `posts`, as relationships to it are called. */
  readonly one: string;
  readonly many: string;
  /** Column → property. */
  readonly properties: ReadonlyMap<string, string>;
}

export interface ModelNaming {
  readonly columnRule: NamingRule;
  readonly tableRule: NamingRule;
  /** Tables and views, by the id of a table of the name. */
  readonly tables: ReadonlyMap<string, TableNames>;
  /** Names of exported constants, by the object's id. */
  readonly constants: ReadonlyMap<string, string>;
  /** All names that are exported, and those that had better not be. */
  readonly exported: ReadonlySet<string>;
}

/** Whether objects of the kind become constants: they have source of their own, and are no models. */
function isConstant(kind: string): boolean {
  const { parent, source } = kindOf(kind);
  return kind !== "table" && !isView(kind) && parent === undefined && source !== undefined;
}

/** Words that can't name a constant, and globals that a class had better not hide. */
const reserved: readonly string[] = [
  ..."arguments await break case catch class const continue debugger default delete do else enum eval export extends".split(
    " ",
  ),
  ..."false finally for function if implements import in instanceof interface let new null package private".split(" "),
  ..."protected public return static super switch this throw true try typeof undefined var void while with yield".split(
    " ",
  ),
  ..."Array BigInt Boolean Date Error Function Infinity Intl JSON Map Math NaN Number Object Promise Proxy".split(" "),
  ..."Reflect RegExp Set String Symbol WeakMap WeakSet Base SharedBase".split(" "),
];

/** Names for all of a catalog's managed objects: the same for an equal catalog, whatever the order it was read in. */
export function nameModels(
  catalog: Catalog,
  columnsOf: (relation: CatalogObject) => readonly string[],
  defaultSchema: string,
): ModelNaming {
  const objects = [...catalog.objects.values()];
  const tables = objects
    .filter((object) => (object.kind === "table" && !isPartition(object)) || isView(object.kind))
    .sort(byPath);
  const columns = new Map(tables.map((table) => [table, columnsOf(table)]));
  const columnRule = bestRule([...columns.values()].map((names) => (rule) => unmapped(names, rule)));

  const exported = new Set<string>([...Object.keys(api), ...reserved]);
  const classes = nameClasses(tables, defaultSchema, exported);
  const tableRule = bestRule(
    tables.map((table) => (rule) => (rule.apply(classes.get(table) ?? "") === table.path[1] ? 0 : 1)),
  );
  const files = new Set(["base", "types", "objects", "functions", "index"]);
  return {
    columnRule,
    tableRule,
    tables: new Map(
      tables.map((table) => {
        const className = classes.get(table) ?? "";
        return [
          // A view's name is no table's: both go by the id of a table.
          objectId("table", table.path),
          {
            path: table.path,
            className,
            file: freeName([wordsOf(className).join("-")], files),
            one: camelCase(className, "row"),
            many: pluralName(className),
            properties: propertyNames(columns.get(table) ?? [], columnRule.apply),
          },
        ];
      }),
    ),
    constants: nameConstants(objects, defaultSchema, exported),
    exported,
  };
}

/** `BlogPost` → `blogPosts`. */
function pluralName(className: string): string {
  const words = wordsOf(className);
  return camelCase([...words.slice(0, -1), plural(words.at(-1) ?? "")].join("_"), "rows");
}

/** A partition is said in its table's model. */
export function isPartition({ definition }: CatalogObject): boolean {
  return typeof definition === "object" && definition !== null && "partitionOf" in definition;
}

export function isView(kind: string): boolean {
  return kind === "view" || kind === "materialized view";
}

/** How many columns would have to say their name. */
function unmapped(columns: readonly string[], rule: NamingRule): number {
  const names = propertyNames(columns, rule.apply);
  return columns.filter((column) => rule.apply(names.get(column) ?? "") !== column).length;
}

/** The rule under which the fewest names have to be said; the Base's own where another gains nothing. */
function bestRule(costs: readonly ((rule: NamingRule) => number)[]): NamingRule {
  let best = rules[0]!;
  let least = Number.POSITIVE_INFINITY;
  for (const rule of rules) {
    const total = costs.reduce((sum, cost) => sum + cost(rule), 0);
    if (total < least) [best, least] = [rule, total];
    if (least === 0) break;
  }
  return best;
}

/**
 * `users` → `User`. Where schemas have tables of one name, those outside of the default schema say theirs: `AuthUser`.
 */
function nameClasses(
  tables: readonly CatalogObject[],
  defaultSchema: string,
  taken: Set<string>,
): ReadonlyMap<CatalogObject, string> {
  const bare = new Map(tables.map((table) => [table, className(table.path[1] ?? "")]));
  const schemasOf = new Map<string, Set<string>>();
  for (const [{ path }, name] of bare) schemasOf.set(name, (schemasOf.get(name) ?? new Set()).add(path[0] ?? ""));
  const inDefault = ({ path }: CatalogObject) => path[0] === defaultSchema;
  const isSingular = (table: CatalogObject) => pascalCase(table.path[1] ?? "", "Table") === bare.get(table);
  const order = [...tables].sort(
    (a, b) =>
      Number(inDefault(b)) - Number(inDefault(a)) || Number(isSingular(b)) - Number(isSingular(a)) || byPath(a, b),
  );
  const names = new Map<CatalogObject, string>();
  for (const table of order) {
    const [schema = "", name = ""] = table.path;
    const own = bare.get(table) ?? "";
    const withSchema = pascalCase(schema, "Schema") + own;
    const isShared = (schemasOf.get(own)?.size ?? 0) > 1 && !inDefault(table);
    const candidates = [
      ...(isShared ? [] : [own]),
      ...(inDefault(table) ? [pascalCase(name, "Table")] : []),
      withSchema,
    ];
    names.set(table, freeName([...candidates, `${inDefault(table) ? own : withSchema}Model`], taken));
  }
  return names;
}

function className(table: string): string {
  const words = wordsOf(table);
  return pascalCase([...words.slice(0, -1), singular(words.at(-1) ?? "")].join("_"), "Table");
}

function nameConstants(
  objects: readonly CatalogObject[],
  defaultSchema: string,
  taken: Set<string>,
): ReadonlyMap<string, string> {
  const constants = objects.filter(({ kind }) => isConstant(kind));
  const inDefault = ({ path }: CatalogObject) => path.length < 2 || path[0] === defaultSchema;
  const names = new Map<string, string>();
  for (const object of constants.sort((a, b) => Number(inDefault(b)) - Number(inDefault(a)) || byPath(a, b))) {
    const { kind, path } = object;
    const whole = camelCase(path.at(-1) ?? "", "the");
    const own = camelCase(kindOf(kind).plainName?.(path) ?? path.at(-1) ?? "", "the");
    const suffix = capitalize(kind.split(" ").at(-1) ?? "");
    const withSchema = path.length < 2 ? [] : [camelCase(path[0] ?? "", "schema") + capitalize(own)];
    names.set(object.id, freeName([own, ...(inDefault(object) ? [] : withSchema), whole, whole + suffix], taken));
  }
  return names;
}

/** By schema, then name, then kind: an order that does not depend on the database's. */
export function byPath(a: CatalogObject, b: CatalogObject): number {
  const length = Math.max(a.path.length, b.path.length);
  for (let i = 0; i <= length; i++) {
    const x = orderPart(a, i);
    const y = orderPart(b, i);
    if (x !== y) return x < y ? -1 : 1;
  }
  return 0;
}

function orderPart({ path, kind }: CatalogObject, i: number): string {
  return path[i] ?? (i === path.length ? kind : "");
}
