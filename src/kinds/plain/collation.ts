/** Collations. Columns move over to one that is made anew. */

import { quoteIdentifier, quotePath } from "../../sql/identifier.js";
import type { Kind } from "../kind.js";
import {
  isUsers,
  literalOf,
  type PlainCatalogDefinition,
  parameterList,
  plainBase,
  plainColumns,
  renames,
} from "./plain.js";

type CollationDefinition = PlainCatalogDefinition<"collation">;

const target = (path: readonly string[]) => `COLLATION ${quotePath(path)}`;

export const collationKind: Kind<CollationDefinition> = {
  ...plainBase("collation", { factory: "collation" }),
  ...renames(target),

  seenIn: "pg_collation WHERE oid >= 16384",
  query: ({ version }) => {
    const own = version >= 170000 ? "x.colllocale" : version >= 150000 ? "x.colliculocale" : "x.collcollate";
    const isLibc = "x.collprovider = 'c'";
    return `${plainColumns("pg_collation", "n.nspname, x.collname", {
      provider: "CASE x.collprovider WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' END",
      locale: `CASE WHEN NOT ${isLibc} THEN ${own} WHEN x.collcollate = x.collctype THEN x.collcollate END`,
      lcCollate: `CASE WHEN ${isLibc} AND x.collcollate <> x.collctype THEN x.collcollate END`,
      lcCtype: `CASE WHEN ${isLibc} AND x.collcollate <> x.collctype THEN x.collctype END`,
      deterministic: "CASE WHEN NOT x.collisdeterministic THEN false END",
      ...(version >= 160000 ? { rules: "x.collicurules" } : {}),
    })} JOIN managed n ON n.oid = x.collnamespace WHERE ${isUsers("pg_collation")}`;
  },

  create({ path, definition: { provider, locale, lcCollate, lcCtype, deterministic, rules } }) {
    const parameters = parameterList({
      provider: literalOf(provider),
      locale: literalOf(locale),
      lc_collate: literalOf(lcCollate),
      lc_ctype: literalOf(lcCtype),
      deterministic: deterministic === undefined ? null : String(deterministic),
      rules: literalOf(rules),
    });
    return [{ sql: `CREATE ${target(path)} (${parameters})` }];
  },

  swap: {
    away: ({ path }, name) => [`ALTER ${target(path)} RENAME TO ${quoteIdentifier(name)}`],
    dropAway: ({ path }, name) => `DROP ${target([...path.slice(0, -1), name])}`,
    carry: () => (expression) => expression,
  },
  slots: ({ path }) => [`collation ${JSON.stringify(path)}`],
};
