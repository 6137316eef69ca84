/** Casts: how values of one type become another's. They lie in no schema. */

import type { Kind } from "../kind.js";
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

const castTarget = ({ source, target }: PlainObject<"cast">["definition"]) => `CAST (${source} AS ${target})`;

const base = plainBase("cast", {
  factory: "sqlCast",
  inNoSchema: true,
  arguments: ({ definition: { source, target } }, context) => ({
    codes: [typeNameCode(source, context), typeNameCode(target, context)],
    said: ["source", "target"],
  }),
});

export const castKind: Kind<PlainCatalogDefinition<"cast">> = {
  ...base,

  seenIn: "pg_cast WHERE oid >= 16384",
  // Those of a range type with its multirange come and go with it.
  query: () => `${plainColumns(
    "pg_cast",
    "format_type(x.castsource, NULL) || ' AS ' || format_type(x.casttarget, NULL)",
    {
      source: "format_type(x.castsource, NULL)",
      target: "format_type(x.casttarget, NULL)",
      function: functionSignature("x.castfunc"),
      method: "CASE x.castmethod WHEN 'i' THEN 'inout' END",
      context: "CASE x.castcontext WHEN 'a' THEN 'assignment' WHEN 'i' THEN 'implicit' END",
      outside: outsideField({ functions: ["x.castfunc"], types: ["x.castsource", "x.casttarget"] }),
    },
  )} WHERE ${isUsers("pg_cast")}
      AND NOT EXISTS (SELECT FROM pg_depend i WHERE i.classid = 'pg_cast'::regclass AND i.objid = x.oid AND i.deptype = 'i')`,

  create({ definition }) {
    const { function: by, method, context } = definition;
    const how = by === undefined ? (method === "inout" ? "WITH INOUT" : "WITHOUT FUNCTION") : `WITH FUNCTION ${by}`;
    const when = context === undefined ? "" : ` AS ${context.toUpperCase()}`;
    return [{ sql: `CREATE ${castTarget(definition)} ${how}${when}` }];
  },
  drop: ({ definition }) => [{ sql: `DROP ${castTarget(definition)}` }],
  commentTarget: ({ definition }) => castTarget(definition),
  describe: (_object, path) => `cast (${path[0]})`,
  namedByTypes: true,
};
