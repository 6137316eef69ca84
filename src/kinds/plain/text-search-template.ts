/** Text search templates: what dictionaries are made of. */

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

const target = (path: readonly string[]) => `TEXT SEARCH TEMPLATE ${quotePath(path)}`;

export const textSearchTemplateKind: Kind<PlainCatalogDefinition<"text search template">> = {
  ...plainBase("text search template", { factory: "textSearchTemplate" }),
  ...renames(target),

  query: () =>
    `${plainColumns("pg_ts_template", "n.nspname, x.tmplname", {
      lexize: functionName("x.tmpllexize"),
      init: functionName("x.tmplinit"),
    })} JOIN managed n ON n.oid = x.tmplnamespace WHERE ${isUsers("pg_ts_template")}`,

  create: ({ path, definition: { lexize, init } }) => [
    { sql: `CREATE ${target(path)} (${parameterList({ LEXIZE: lexize, INIT: init })})` },
  ],
};
