/** Conversions between encodings. */

import { quotePath } from "../../sql/identifier.js";
import type { Kind } from "../kind.js";
import { isUsers, literalOf, type PlainCatalogDefinition, plainBase, plainColumns, renames } from "./plain.js";

const target = (path: readonly string[]) => `CONVERSION ${quotePath(path)}`;

export const conversionKind: Kind<PlainCatalogDefinition<"conversion">> = {
  ...plainBase("conversion", { factory: "conversion" }),
  ...renames(target),

  seenIn: "pg_conversion WHERE oid >= 16384",
  query: () =>
    `${plainColumns("pg_conversion", "n.nspname, x.conname", {
      from: "pg_encoding_to_char(x.conforencoding)",
      to: "pg_encoding_to_char(x.contoencoding)",
      function: "x.conproc::regproc::text",
      default: "CASE WHEN x.condefault THEN true END",
    })} JOIN managed n ON n.oid = x.connamespace WHERE ${isUsers("pg_conversion")}`,

  create: ({ path, definition: { from, to, function: by, default: isDefault } }) => [
    {
      sql: `CREATE ${isDefault ? "DEFAULT " : ""}${target(path)} FOR ${literalOf(from)} TO ${literalOf(to)} FROM ${by}`,
    },
  ],

  slots: ({ path, definition: { from, to, default: isDefault } }) => [
    `conversion ${JSON.stringify(path)}`,
    ...(isDefault ? [`default conversion ${JSON.stringify([path[0], from, to])}`] : []),
  ],
};
