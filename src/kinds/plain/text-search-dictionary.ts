/** Text search dictionaries: a template with options. */

import { quoteIdentifier, quotePath } from "../../sql/identifier.js";
import type { Alteration, Kind } from "../kind.js";
import {
  isUsers,
  literalOf,
  type PlainCatalogDefinition,
  plainBase,
  plainColumns,
  qualifiedName,
  renames,
} from "./plain.js";

const target = (path: readonly string[]) => `TEXT SEARCH DICTIONARY ${quotePath(path)}`;

/** PostgreSQL keeps the options as one text: `language = 'english', size = 3`. Whole numbers stand bare. */
const optionsField = String.raw`(SELECT json_object_agg(
          CASE WHEN m[1] LIKE '"%' THEN replace(substr(m[1], 2, length(m[1]) - 2), '""', '"') ELSE m[1] END,
          CASE WHEN m[4] IS NOT NULL THEN to_json(m[4]::numeric)
            WHEN m[2] IS NULL THEN to_json(replace(m[3], '''''', ''''))
            ELSE to_json(replace(replace(m[3], '''''', ''''), E'\\\\', E'\\')) END)
        FROM regexp_matches(x.dictinitoption, '("(?:[^"]|"")+"|[^\s=,"]+) = (?:(E)?''((?:[^'']|'''')*)''|([-+.\deE]+))', 'g') m)`;

export const textSearchDictionaryKind: Kind<PlainCatalogDefinition<"text search dictionary">> = {
  ...plainBase("text search dictionary", { factory: "textSearchDictionary" }),
  ...renames(target),

  seenIn: "pg_ts_dict WHERE oid >= 16384",
  query: () =>
    `${plainColumns("pg_ts_dict", "n.nspname, x.dictname", {
      template: qualifiedName("pg_ts_template", "tmpl", "x.dicttemplate"),
      options: optionsField,
    })} JOIN managed n ON n.oid = x.dictnamespace WHERE ${isUsers("pg_ts_dict")}`,

  create({ path, definition: { template, options = {} } }) {
    const said = Object.entries(options).map(([name, value]) => optionSql(name, value));
    return [{ sql: `CREATE ${target(path)} (${[`TEMPLATE = ${template}`, ...said].join(", ")})` }];
  },
  alter(from, to): Alteration {
    if (from.definition.template !== to.definition.template) return { op: "replace" };
    const [before, after] = [from.definition.options ?? {}, to.definition.options ?? {}];
    const gone = Object.keys(before).filter((name) => !(name in after));
    const said = Object.entries(after).filter(([name, value]) => before[name] !== value);
    const changes = [...gone.map(quoteIdentifier), ...said.map(([name, value]) => optionSql(name, value))];
    return { op: "statements", statements: [{ sql: `ALTER ${target(to.path)} (${changes.join(", ")})` }] };
  },
};

function optionSql(name: string, value: string | number): string {
  return `${quoteIdentifier(name)} = ${typeof value === "number" ? value : literalOf(value)}`;
}
