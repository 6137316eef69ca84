/** Collations. PostgreSQL has no ALTER for them but RENAME: a column moves over to its collation's successor. */

import { quoteIdentifier, quoteLiteral, quotePath } from "../sql/identifier.js";
import type { Kind, ServerInfo } from "./kind.js";
import { callCode, objectCode, placeFields, stringCode } from "./source.js";
import { compact, jsonObject, notMember } from "./statements.js";

export interface CollationDefinition {
  /** Left out: libc. */
  readonly provider?: "icu" | "builtin";
  /** Left out where libc has two. */
  readonly locale?: string;
  readonly lcCollate?: string;
  readonly lcCtype?: string;
  readonly nondeterministic?: true;
  readonly rules?: string;
}

/** Where other providers than libc have their locale. */
function localeColumn({ version }: ServerInfo): string {
  return version >= 170000 ? "x.colllocale" : version >= 150000 ? "x.colliculocale" : "x.collcollate";
}

export const collationKind: Kind<CollationDefinition> = {
  name: "collation",

  // Versions are not read: they are the server's libraries', and none of the models' business.
  query: (server) => `
    SELECT 'pg_collation'::regclass::oid, x.oid, 0, NULL::text, json_build_array(n.nspname, x.collname),
      obj_description(x.oid, 'pg_collation'),
      ${jsonObject({
        provider: "CASE x.collprovider WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' END",
        locale: `CASE WHEN x.collprovider <> 'c' THEN ${localeColumn(server)} WHEN x.collcollate = x.collctype THEN x.collcollate END`,
        lcCollate: "CASE WHEN x.collprovider = 'c' AND x.collcollate <> x.collctype THEN x.collcollate END",
        lcCtype: "CASE WHEN x.collprovider = 'c' AND x.collcollate <> x.collctype THEN x.collctype END",
        nondeterministic: "CASE WHEN NOT x.collisdeterministic THEN true END",
        ...(server.version >= 160000 ? { rules: "x.collicurules" } : {}),
      })}
    FROM pg_collation x JOIN managed n ON n.oid = x.collnamespace WHERE ${notMember("pg_collation", "x.oid")}`,

  *declare({ collations }) {
    for (const { schema, name, comment, provider, locale, lcCollate, lcCtype, deterministic, rules } of collations)
      yield {
        path: [schema, name],
        comment,
        definition: compact<CollationDefinition>({
          provider: provider === "libc" ? null : provider,
          locale,
          lcCollate,
          lcCtype,
          nondeterministic: !deterministic || null,
          rules,
        }),
      };
  },

  create({ path, definition }) {
    const { provider = "libc", locale, lcCollate, lcCtype, nondeterministic, rules } = definition;
    const texts = { locale, lc_collate: lcCollate, lc_ctype: lcCtype, rules };
    const options = [
      `provider = ${provider}`,
      ...Object.entries(texts).flatMap(([name, text]) =>
        text === undefined ? [] : [`${name} = ${quoteLiteral(text).trimStart()}`],
      ),
      ...(nondeterministic ? ["deterministic = false"] : []),
    ];
    return [{ sql: `CREATE COLLATION ${quotePath(path)} (${options.join(", ")})` }];
  },
  drop: ({ path }) => [{ sql: `DROP COLLATION ${quotePath(path)}` }],
  alter: () => ({ op: "replace" }),
  rename: ({ path }, name) => `ALTER COLLATION ${quotePath(path)} RENAME TO ${quoteIdentifier(name)}`,
  renamesFreely: true,
  swap: {
    away: ({ path }, name) => [`ALTER COLLATION ${quotePath(path)} RENAME TO ${quoteIdentifier(name)}`],
    dropAway: ({ path }, name) => `DROP COLLATION ${quotePath([...path.slice(0, -1), name])}`,
    carry: () => (expression) => `${expression}::text`,
  },
  commentTarget: ({ path }) => `COLLATION ${quotePath(path)}`,
  slots: ({ path }) => [`collation ${JSON.stringify(path)}`],

  source: (object, context) => ({
    at: "objects",
    code() {
      const { provider, locale, lcCollate, lcCtype, nondeterministic, rules } = object.definition;
      const text = (value: string | undefined) => (value === undefined ? null : stringCode(value));
      const options = objectCode({
        provider: text(provider),
        locale: text(locale),
        lcCollate: text(lcCollate),
        lcCtype: text(lcCtype),
        deterministic: nondeterministic ? "false" : null,
        rules: text(rules),
        ...placeFields(object, context),
      });
      return callCode(context.use("collation"), stringCode(object.path[1] ?? ""), options);
    },
  }),
};
