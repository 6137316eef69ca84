/** Extended statistics of tables and of materialized views. */

import { type CatalogObject, sameData } from "../catalog/catalog.js";
import type { Declarations, StatisticsDeclaration, StatisticsKind } from "../model/declarations.js";
import { displayName, quoteIdentifier, quotePath } from "../sql/identifier.js";
import { dropsWithColumns } from "./constraint.js";
import type { Alteration, Kind } from "./kind.js";
import { columnsCode, elementOptions, type SourceContext, sqlCode, stringCode, stringList } from "./source.js";
import { compact, jsonObject, notMember } from "./statements.js";

export interface StatisticsDefinition {
  /** Where it is not the table's. */
  readonly schema?: string;
  /** Where they are not all that there are. */
  readonly kinds?: readonly StatisticsKind[];
  /** PostgreSQL doesn't keep their order: by name. */
  readonly columns?: readonly string[];
  readonly expressions?: readonly string[];
  readonly target?: number;
}

interface Measured {
  readonly schema: string;
  readonly name: string;
  readonly statistics: readonly StatisticsDeclaration[];
}

/** Letters of `stxkind`; `e` is there by itself where there are expressions. */
const letters: Readonly<Record<StatisticsKind, string>> = { ndistinct: "d", dependencies: "f", mcv: "m" };

const kindsField = `CASE WHEN cardinality(array_remove(x.stxkind, 'e')) BETWEEN 1 AND 2 THEN array_to_json(array_remove(ARRAY[${Object.entries(
  letters,
).map(([kind, letter]) => `CASE WHEN '${letter}' = ANY (x.stxkind) THEN '${kind}' END`)}], NULL)) END`;

function statisticsKindOf(
  parent: "table" | "materialized view",
  relations: string,
  measured: (declarations: Declarations) => readonly Measured[],
): Kind<StatisticsDefinition> {
  return {
    name: parent === "table" ? "statistics" : `${parent} statistics`,
    parent,

    seenIn: "pg_statistic_ext",
    query: () => `
    SELECT 'pg_statistic_ext'::regclass::oid, x.oid, 0, NULL::text, json_build_array(c.nspname, c.relname, x.stxname),
      obj_description(x.oid, 'pg_statistic_ext'),
      ${jsonObject({
        schema: "nullif(xn.nspname, c.nspname)",
        kinds: kindsField,
        columns: `(SELECT json_agg(a.attname ORDER BY a.attname COLLATE "C") FROM unnest(x.stxkeys::int2[]) k
          JOIN pg_attribute a ON a.attrelid = x.stxrelid AND a.attnum = k)`,
        expressions: "to_json(pg_get_statisticsobjdef_expressions(x.oid))",
        target: "nullif(x.stxstattarget, -1)",
      })}
    FROM pg_statistic_ext x JOIN ${relations} c ON c.oid = x.stxrelid JOIN pg_namespace xn ON xn.oid = x.stxnamespace
    WHERE ${notMember("pg_statistic_ext", "x.oid")}`,

    *declare(declarations) {
      for (const { schema, name: relation, statistics } of measured(declarations))
        for (const each of statistics)
          yield {
            path: [schema, relation, each.name],
            comment: each.comment,
            definition: compact<StatisticsDefinition>({
              schema: each.schema === schema ? null : each.schema,
              kinds: each.kinds,
              columns: [...each.columns].sort(),
              expressions: each.expressions,
              target: each.target,
            }),
          };
    },

    create({ path, definition }) {
      const { kinds, columns = [], expressions = [], target } = definition;
      const elements = [...columns.map(quoteIdentifier), ...expressions.map((expression) => `(${expression})`)];
      const name = statisticsName(path, definition);
      return [
        {
          sql: `CREATE STATISTICS ${name}${kinds === undefined ? "" : ` (${kinds.join(", ")})`} ON ${elements.join(", ")} FROM ${quotePath(path.slice(0, 2))}`,
        },
        ...(target === undefined ? [] : [{ sql: `ALTER STATISTICS ${name} SET STATISTICS ${target}` }]),
      ];
    },
    drop: ({ path, definition }) => [{ sql: `DROP STATISTICS ${statisticsName(path, definition)}` }],
    dropsWith: dropsWithColumns,
    // PostgreSQL makes them anew by itself with a column's new type, and forgets the target.
    bindsColumns: ({ definition }) => definition.target !== undefined,
    alter(from, to): Alteration {
      const { target: _a, ...before } = from.definition;
      const { target, ...after } = to.definition;
      if (!sameData(before, after)) return { op: "replace" };
      const name = statisticsName(to.path, to.definition);
      return { op: "statements", statements: [{ sql: `ALTER STATISTICS ${name} SET STATISTICS ${target ?? -1}` }] };
    },
    rename: ({ path, definition }, name) =>
      `ALTER STATISTICS ${statisticsName(path, definition)} RENAME TO ${quoteIdentifier(name)}`,
    renamesFreely: true,
    commentTarget: ({ path, definition }) => `STATISTICS ${statisticsName(path, definition)}`,
    slots: ({ path, definition }) => [`statistics ${JSON.stringify([definition.schema ?? path[0], path[2]])}`],
    describe: (_object, path) => `statistics ${displayName(path)}`,

    source: (object, context) => ({ at: "list", option: "statistics", code: () => statisticsCode(object, context) }),
  };
}

export const statisticsKind = statisticsKindOf("table", "managed_table", ({ tables }) => tables);
export const materializedViewStatisticsKind = statisticsKindOf(
  "materialized view",
  "managed_matview",
  ({ views }) => views,
);

/** Like an index it is named in a schema; its table stands in the path only to say whose it is. */
function statisticsName([schema = "", , name = ""]: readonly string[], definition: StatisticsDefinition): string {
  return quotePath([definition.schema ?? schema, name]);
}

/** `statistics("places", { on: [c.city, c.zip] })`. */
function statisticsCode(
  { path, comment, definition }: CatalogObject<StatisticsDefinition>,
  context: SourceContext,
): string {
  const { schema, kinds, columns = [], expressions = [], target } = definition;
  const elements = [
    ...(columns.length === 0 ? [] : [columnsCode(path.slice(0, 2), columns, context)]),
    ...expressions.map((expression) => sqlCode(expression, context)),
  ];
  const options = elementOptions({
    on: `[${elements.join(", ")}]`,
    kinds: kinds === undefined ? null : stringList(kinds),
    target: target === undefined ? null : String(target),
    schema: schema === undefined ? null : stringCode(schema),
    comment: comment === null ? null : stringCode(comment),
  });
  return `${context.use("statistics")}(${stringCode(path[2] ?? "")}, ${options})`;
}
