/** Text search configurations: which dictionaries each type of token goes through. */

import { quoteIdentifier, quotePath } from "../../sql/identifier.js";
import type { Alteration, Kind } from "../kind.js";
import { isUsers, type PlainCatalogDefinition, plainBase, plainColumns, qualifiedName, renames } from "./plain.js";

type Definition = PlainCatalogDefinition<"text search configuration">;

const target = (path: readonly string[]) => `TEXT SEARCH CONFIGURATION ${quotePath(path)}`;

/** Tokens that go the same way stand together. */
const mappingsField = `(SELECT json_agg(json_build_object('for', g.tokens, 'with', g.dictionaries) ORDER BY g.first) FROM (
        SELECT json_agg(t.alias ORDER BY t.tokid) AS tokens, min(t.tokid) AS first, to_json(t.dictionaries) AS dictionaries FROM (
          SELECT tt.tokid, tt.alias, array_agg(${qualifiedName("pg_ts_dict", "dict", "m.mapdict")} ORDER BY m.mapseqno) AS dictionaries
          FROM pg_ts_config_map m JOIN ts_token_type(x.cfgparser) tt ON tt.tokid = m.maptokentype
          WHERE m.mapcfg = x.oid GROUP BY tt.tokid, tt.alias) t
        GROUP BY t.dictionaries) g)`;

export const textSearchConfigurationKind: Kind<Definition> = {
  ...plainBase("text search configuration", { factory: "textSearchConfiguration" }),
  ...renames(target),

  seenIn: "pg_ts_config WHERE oid >= 16384",
  query: () =>
    `${plainColumns("pg_ts_config", "n.nspname, x.cfgname", {
      parser: `nullif(${qualifiedName("pg_ts_parser", "prs", "x.cfgparser")}, '"default"')`,
      mappings: mappingsField,
    })} JOIN managed n ON n.oid = x.cfgnamespace WHERE ${isUsers("pg_ts_config")}`,

  create: ({ path, definition: { parser, mappings = [] } }) => [
    { sql: `CREATE ${target(path)} (PARSER = ${parser ?? 'pg_catalog."default"'})` },
    ...mappings.map((mapping) => ({ sql: mappingSql(path, "ADD", mapping.for, mapping.with) })),
  ],

  alter(from, to): Alteration {
    if (from.definition.parser !== to.definition.parser) return { op: "replace" };
    const [before, after] = [byToken(from.definition), byToken(to.definition)];
    const gone = [...before.keys()].filter((token) => !after.has(token));
    const changes = (to.definition.mappings ?? []).flatMap((mapping) => {
      const differing = mapping.for.filter((token) => before.get(token) !== after.get(token));
      const [known, fresh] = [true, false].map((had) => differing.filter((token) => before.has(token) === had));
      return [
        ...(known?.length ? [mappingSql(to.path, "ALTER", known, mapping.with)] : []),
        ...(fresh?.length ? [mappingSql(to.path, "ADD", fresh, mapping.with)] : []),
      ];
    });
    const drops = gone.length === 0 ? [] : [`ALTER ${target(to.path)} DROP MAPPING FOR ${tokenList(gone)}`];
    return { op: "statements", statements: [...drops, ...changes].map((sql) => ({ sql })) };
  },
};

/** Token → its dictionaries, as one text. */
function byToken({ mappings = [] }: Definition): ReadonlyMap<string, string> {
  return new Map(mappings.flatMap((mapping) => mapping.for.map((token) => [token, mapping.with.join(", ")])));
}

function mappingSql(
  path: readonly string[],
  verb: "ADD" | "ALTER",
  tokens: readonly string[],
  dictionaries: readonly string[],
): string {
  return `ALTER ${target(path)} ${verb} MAPPING FOR ${tokenList(tokens)} WITH ${dictionaries.join(", ")}`;
}

function tokenList(tokens: readonly string[]): string {
  return tokens.map(quoteIdentifier).join(", ");
}
