/** Transforms: how a language sees a type. They lie in no schema. */

import { quoteIdentifier } from "../../sql/identifier.js";
import type { Kind } from "../kind.js";
import { stringCode } from "../source.js";
import {
  functionSignature,
  isUsers,
  outsideField,
  type PlainCatalogDefinition,
  type PlainObject,
  plainBase,
  plainColumns,
  typeNameCode,
} from "./plain.js";

type Transform = PlainObject<"transform">;

const target = ({ definition: { type, language } }: Transform) =>
  `TRANSFORM FOR ${type} LANGUAGE ${quoteIdentifier(language)}`;

export const transformKind: Kind<PlainCatalogDefinition<"transform">> = {
  ...plainBase("transform", {
    factory: "transform",
    inNoSchema: true,
    arguments: ({ definition: { type, language } }, context) => ({
      codes: [typeNameCode(type, context), stringCode(language)],
      said: ["type", "language"],
    }),
  }),

  seenIn: "pg_transform",
  query: () =>
    `${plainColumns("pg_transform", "format_type(x.trftype, NULL) || ' LANGUAGE ' || l.lanname", {
      type: "format_type(x.trftype, NULL)",
      language: "l.lanname",
      fromSql: functionSignature("x.trffromsql"),
      toSql: functionSignature("x.trftosql"),
      outside: outsideField({ functions: ["x.trffromsql", "x.trftosql"], types: ["x.trftype"] }),
    })} JOIN pg_language l ON l.oid = x.trflang WHERE ${isUsers("pg_transform")}`,

  create: (object) => [{ sql: createStatement("CREATE", object) }],
  drop: (object) => [{ sql: `DROP ${target(object)}` }],
  alter: (_from, to) => ({ op: "statements", statements: [{ sql: createStatement("CREATE OR REPLACE", to) }] }),
  commentTarget: target,
  describe: (_object, path) => `transform for ${path[0]}`,
  namedByTypes: true,
};

function createStatement(verb: string, object: Transform): string {
  const { fromSql, toSql } = object.definition;
  const parts = [
    ...(fromSql === undefined ? [] : [`FROM SQL WITH FUNCTION ${fromSql}`]),
    ...(toSql === undefined ? [] : [`TO SQL WITH FUNCTION ${toSql}`]),
  ];
  return `${verb} ${target(object)} (${parts.join(", ")})`;
}
