/** User mappings: who one is on a foreign server. They have neither a schema nor a comment. */

import { objectId } from "../../catalog/catalog.js";
import { quoteIdentifier } from "../../sql/identifier.js";
import type { Alteration, Kind } from "../kind.js";
import { stringCode } from "../source.js";
import { jsonObject } from "../statements.js";
import { optionChanges, optionsClause, optionsField } from "./options.js";
import { type PlainCatalogDefinition, type PlainObject, plainBase } from "./plain.js";

type UserMapping = PlainObject<"user mapping">;

const target = ({ definition: { server, user } }: UserMapping) =>
  `USER MAPPING FOR ${user === "PUBLIC" ? user : quoteIdentifier(user)} SERVER ${quoteIdentifier(server)}`;

const {
  renamesFreely: _a,
  commentTarget: _b,
  ...base
} = plainBase("user mapping", {
  factory: "userMapping",
  inNoSchema: true,
  arguments: ({ definition: { server, user } }) => ({
    codes: [stringCode(server), stringCode(user)],
    said: ["server", "user"],
  }),
});

export const userMappingKind: Kind<PlainCatalogDefinition<"user mapping">> = {
  ...base,

  seenIn: "pg_foreign_server",
  // The view, since only a superuser may read the catalog itself; it shows options to whom they are meant for.
  query: () => `SELECT 'pg_user_mapping'::regclass::oid, x.umid, 0, NULL::text,
      json_build_array(CASE WHEN x.umuser = 0 THEN 'PUBLIC' ELSE x.usename END || ' SERVER ' || x.srvname), NULL::text,
      ${jsonObject({
        server: "x.srvname",
        user: "CASE WHEN x.umuser = 0 THEN 'PUBLIC' ELSE x.usename END",
        options: optionsField("x.umoptions"),
      })}
    FROM pg_user_mappings x WHERE x.umid >= 16384 AND x.usename IS NOT NULL`,

  create: (object) => [{ sql: `CREATE ${target(object)}${optionsClause(object.definition.options)}` }],
  drop: (object) => [{ sql: `DROP ${target(object)}`, hazards: ["data-loss"] }],
  alter(from, to): Alteration {
    const changes = optionChanges(from.definition.options, to.definition.options);
    return { op: "statements", statements: changes === "" ? [] : [{ sql: `ALTER ${target(to)}${changes}` }] };
  },
  needs: ({ definition: { server } }) => [objectId("foreign server", [server])],
  describe: (_object, path) => `user mapping for ${path[0]}`,
};
