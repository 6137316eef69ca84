/** Text search parsers: what takes a text apart. */

import { functionsKind } from "./plain.js";

export const textSearchParserKind = functionsKind("text search parser", {
  factory: "textSearchParser",
  catalog: "pg_ts_parser",
  prefix: "prs",
  functions: {
    start: "prsstart",
    gettoken: "prstoken",
    end: "prsend",
    lextypes: "prslextype",
    headline: "prsheadline",
  },
});
