/** Text search parsers: what takes a text apart. */

import { quotePath } from "../../sql/identifier.js";
import type { Kind } from "../kind.js";
import {
  functionName,
  isUsers,
  type PlainCatalogDefinition,
  parameterList,
  plainBase,
  plainColumns,
  renames,
} from "./plain.js";

const target = (path: readonly string[]) => `TEXT SEARCH PARSER ${quotePath(path)}`;

export const textSearchParserKind: Kind<PlainCatalogDefinition<"text search parser">> = {
  ...plainBase("text search parser", { factory: "textSearchParser" }),
  ...renames(target),

  query: () =>
    `${plainColumns("pg_ts_parser", "n.nspname, x.prsname", {
      start: functionName("x.prsstart"),
      gettoken: functionName("x.prstoken"),
      end: functionName("x.prsend"),
      lextypes: functionName("x.prslextype"),
      headline: functionName("x.prsheadline"),
    })} JOIN managed n ON n.oid = x.prsnamespace WHERE ${isUsers("pg_ts_parser")}`,

  create: ({ path, definition: { start, gettoken, end, lextypes, headline } }) => [
    {
      sql: `CREATE ${target(path)} (${parameterList({ START: start, GETTOKEN: gettoken, END: end, LEXTYPES: lextypes, HEADLINE: headline })})`,
    },
  ],
};
