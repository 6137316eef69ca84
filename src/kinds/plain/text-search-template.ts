/** Text search templates: what dictionaries are made of. */

import { functionsKind } from "./plain.js";

export const textSearchTemplateKind = functionsKind("text search template", {
  factory: "textSearchTemplate",
  catalog: "pg_ts_template",
  prefix: "tmpl",
  functions: { lexize: "tmpllexize", init: "tmplinit" },
});
