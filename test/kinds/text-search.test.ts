import { acceptance } from "../support/acceptance.js";

const words = `CREATE TEXT SEARCH DICTIONARY words (TEMPLATE = snowball, Language = english, StopWords = english)`;
const config = `CREATE TEXT SEARCH CONFIGURATION ours (PARSER = "default")`;
const map = (rest: string) => `ALTER TEXT SEARCH CONFIGURATION ours ${rest}`;
const mapped = (rest: string) => `ALTER TEXT SEARCH CONFIGURATION "public"."ours" ${rest}`;

acceptance("text search", [
  {
    name: "parsers, templates, dictionaries and configurations, before what uses them",
    before: "",
    after: `CREATE TEXT SEARCH PARSER parser (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, LEXTYPES = prsd_lextype, HEADLINE = prsd_headline);
      CREATE TEXT SEARCH TEMPLATE template (LEXIZE = dsimple_lexize, INIT = dsimple_init); CREATE TEXT SEARCH DICTIONARY plain (TEMPLATE = template, accept = false, stopwords = 'english');
      CREATE TEXT SEARCH CONFIGURATION ours (PARSER = parser); ${map("ADD MAPPING FOR asciiword, word WITH plain, english_stem")}; ${map("ADD MAPPING FOR email, url WITH simple")};
      CREATE TABLE t (a text, b tsvector GENERATED ALWAYS AS (to_tsvector('ours', a)) STORED); COMMENT ON TEXT SEARCH PARSER parser IS 'p';
      COMMENT ON TEXT SEARCH TEMPLATE template IS 't'; COMMENT ON TEXT SEARCH DICTIONARY plain IS 'd'; COMMENT ON TEXT SEARCH CONFIGURATION ours IS 'c'`,
    up: [
      'CREATE TEXT SEARCH PARSER "public"."parser" (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, LEXTYPES = prsd_lextype, HEADLINE = prsd_headline)',
      `COMMENT ON TEXT SEARCH PARSER "public"."parser" IS 'p'`,
      'CREATE TEXT SEARCH TEMPLATE "public"."template" (LEXIZE = dsimple_lexize, INIT = dsimple_init)',
      `COMMENT ON TEXT SEARCH TEMPLATE "public"."template" IS 't'`,
      `CREATE TEXT SEARCH DICTIONARY "public"."plain" (TEMPLATE = public.template, "accept" = 'false', "stopwords" = 'english')`,
      `COMMENT ON TEXT SEARCH DICTIONARY "public"."plain" IS 'd'`,
      'CREATE TEXT SEARCH CONFIGURATION "public"."ours" (PARSER = public.parser)',
      mapped('ADD MAPPING FOR "asciiword", "word" WITH public.plain, english_stem'),
      mapped('ADD MAPPING FOR "email", "url" WITH simple'),
      `COMMENT ON TEXT SEARCH CONFIGURATION "public"."ours" IS 'c'`,
      `CREATE TABLE "public"."t" (\n  "a" text,\n  "b" tsvector GENERATED ALWAYS AS (to_tsvector('public.ours'::regconfig, a)) STORED\n)`,
    ],
  },
  {
    name: "options of a dictionary come, change and go in place",
    before: `${words}; CREATE TEXT SEARCH DICTIONARY odd (TEMPLATE = simple, accept = true)`,
    after: `CREATE TEXT SEARCH DICTIONARY words (TEMPLATE = snowball, Language = german); CREATE TEXT SEARCH DICTIONARY odd (TEMPLATE = simple, accept = true, stopwords = english)`,
    up: [
      `ALTER TEXT SEARCH DICTIONARY "public"."words" ("stopwords", "language" = 'german')`,
      `ALTER TEXT SEARCH DICTIONARY "public"."odd" ("stopwords" = 'english')`,
    ],
  },
  {
    name: "another template takes another dictionary, and configurations are put back",
    before: `CREATE TEXT SEARCH DICTIONARY words (TEMPLATE = simple); ${config}; ${map("ADD MAPPING FOR word WITH words")}`,
    after: `${words}; ${config}; ${map("ADD MAPPING FOR word WITH words")}`,
    up: [
      'DROP TEXT SEARCH CONFIGURATION "public"."ours"',
      'DROP TEXT SEARCH DICTIONARY "public"."words"',
      `CREATE TEXT SEARCH DICTIONARY "public"."words" (TEMPLATE = snowball, "language" = 'english', "stopwords" = 'english')`,
      'CREATE TEXT SEARCH CONFIGURATION "public"."ours" (PARSER = pg_catalog."default")',
      mapped('ADD MAPPING FOR "word" WITH public.words'),
    ],
  },
  {
    name: "mappings come, change and go in place",
    before: `${config}; ${map("ADD MAPPING FOR word, email, url WITH simple")}; ${map("ADD MAPPING FOR host WITH english_stem")}`,
    after: `${config}; ${map("ADD MAPPING FOR word, host WITH english_stem, simple")}; ${map("ADD MAPPING FOR email, asciiword WITH simple")}`,
    up: [
      mapped('DROP MAPPING FOR "url"'),
      mapped('ADD MAPPING FOR "asciiword" WITH simple'),
      mapped('ALTER MAPPING FOR "word", "host" WITH english_stem, simple'),
    ],
  },
  {
    name: "renamed, and no question asked",
    before: `${config}; ${words}`,
    after: `CREATE TEXT SEARCH CONFIGURATION mine (PARSER = "default"); CREATE TEXT SEARCH DICTIONARY terms (TEMPLATE = snowball, Language = english, StopWords = english)`,
    answers: {},
    up: [
      'ALTER TEXT SEARCH DICTIONARY "public"."words" RENAME TO "terms"',
      'ALTER TEXT SEARCH CONFIGURATION "public"."ours" RENAME TO "mine"',
    ],
  },
]);
