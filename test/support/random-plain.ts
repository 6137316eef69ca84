/** Objects of a random world that a name and options say whole: collations, text search, operators, publications, … */

import { quoteIdentifier, quoteLiteral, quotePath } from "../../src/sql/identifier.js";
import { type Move, name, Picks } from "./random-picks.js";
import { type Action, type InSchema, schemaName, type World } from "./random-schema.js";

export interface Plain extends InSchema {
  readonly key: number;
  /** Which of the kinds, and what of it. */
  readonly template: number;
  picks: Move;
  /** A table by its key: what is published, or what uses it. */
  table: number | undefined;
}

export const plainAdditions: readonly Action[] = [
  (world, picks) =>
    void world.plain.push({
      key: world.next++,
      schema: schemaName(world, picks),
      name: name(picks, world.plain),
      comment: null,
      template: picks.next(),
      table: picks.of(world.tables)?.key,
      picks: picks.rest(),
    }),
];

export const plainEdits: readonly Action[] = [
  (w, p) => {
    const found = p.of(w.plain);
    if (found) found.picks = p.rest();
  },
  (w, p) => {
    const found = p.of(w.plain);
    if (found) found.name = name(p, w.plain);
  },
  (w, p) => {
    const found = p.of(w.plain);
    if (found) found.comment = p.oneIn(2) ? null : "a comment";
  },
  (w, p) => {
    const found = p.of(w.plain);
    if (found) found.table = p.of(w.tables)?.key;
  },
  (w, p) => void w.plain.splice(p.below(w.plain.length), 1),
];

export function plainStatements(world: World): readonly string[] {
  return world.plain.flatMap((each) => {
    const table = world.tables.find(({ key }) => key === each.table);
    const write = writers[each.template % writers.length];
    if (write === undefined) return [];
    const { target, statements } = write({
      path: quotePath([each.schema, each.name]),
      schema: quoteIdentifier(each.schema),
      own: quoteIdentifier(each.name),
      key: each.key,
      table: table === undefined ? null : quotePath([table.schema, table.name]),
      picks: new Picks(each.picks),
    });
    return [...statements, ...(each.comment === null ? [] : [`COMMENT ON ${target} IS ${quoteLiteral(each.comment)}`])];
  });
}

interface Frame {
  readonly schema: string;
  readonly path: string;
  readonly own: string;
  readonly key: number;
  readonly table: string | null;
  readonly picks: Picks;
}

interface Written {
  /** As after COMMENT ON. */
  readonly target: string;
  readonly statements: readonly string[];
}

const writers: readonly ((frame: Frame) => Written)[] = [
  ({ path, table, key, picks }) => ({
    target: `COLLATION ${path}`,
    statements: [
      `CREATE COLLATION ${path} (${picks.of(["locale = 'C'", "provider = icu, locale = 'de'", "provider = icu, locale = 'de', deterministic = false"])})`,
      ...(table === null ? [] : [`ALTER TABLE ${table} ADD COLUMN sorted_${key} text COLLATE ${path}`]),
    ],
  }),
  ({ path, picks }) => ({
    target: `TEXT SEARCH DICTIONARY ${path}`,
    statements: [
      `CREATE TEXT SEARCH DICTIONARY ${path} (TEMPLATE = ${picks.of(["simple", "simple, accept = false", "snowball, language = english", "snowball, language = german, stopwords = german"])})`,
    ],
  }),
  ({ path, picks }) => ({
    target: `TEXT SEARCH CONFIGURATION ${path}`,
    statements: [
      `CREATE TEXT SEARCH CONFIGURATION ${path} (PARSER = "default")`,
      ...["asciiword", "word", "email"].flatMap((token) =>
        picks.oneIn(2)
          ? [
              `ALTER TEXT SEARCH CONFIGURATION ${path} ADD MAPPING FOR ${token} WITH ${picks.of(["simple", "english_stem", "english_stem, simple"])}`,
            ]
          : [],
      ),
    ],
  }),
  ({ own, table, picks }) => ({
    target: `PUBLICATION ${own}`,
    statements: [
      `CREATE PUBLICATION ${own}${picks.oneIn(4) || table === null ? "" : ` FOR TABLE ${table}`}${picks.oneIn(2) ? "" : " WITH (publish = 'insert')"}`,
    ],
  }),
  ({ own, path, picks, key }) => ({
    target: `SERVER ${own}`,
    statements: [
      "CREATE FOREIGN DATA WRAPPER wrapper",
      `CREATE SERVER ${own} ${picks.of(["", "TYPE 't'", "VERSION '1'"])} FOREIGN DATA WRAPPER wrapper ${picks.of(["", "OPTIONS (host 'h')", "OPTIONS (host 'i', port '1')"])}`,
      ...(picks.oneIn(2)
        ? []
        : [`CREATE USER MAPPING FOR PUBLIC SERVER ${own} OPTIONS ("user" ${picks.of(["'a'", "'b'"])})`]),
      ...(picks.oneIn(2)
        ? []
        : [
            `CREATE FOREIGN TABLE ${path} (id_${key} ${picks.of(["int", "bigint NOT NULL", "text OPTIONS (a 'b')"])}) SERVER ${own}`,
          ]),
    ],
  }),
  ({ schema, key, table, picks }) => {
    const operator = `${schema}.<~${"~".repeat(key % 3)}`;
    const by = picks.of(["alike", "unlike"]);
    return {
      target: `OPERATOR ${operator} (integer, text)`,
      statements: [
        `CREATE FUNCTION ${schema}.${by}(integer, text) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true'`,
        `CREATE OPERATOR ${operator} (LEFTARG = integer, RIGHTARG = text, FUNCTION = ${schema}.${by}${picks.oneIn(2) ? "" : ", RESTRICT = eqsel"})`,
        ...(table === null || picks.oneIn(2)
          ? []
          : [`ALTER TABLE ${table} ADD CONSTRAINT near_${key} CHECK (1 OPERATOR(${operator}) 'x' OR true)`]),
      ],
    };
  },
];
