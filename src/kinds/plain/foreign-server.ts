/** Foreign servers. They lie in no schema. */

import { quoteIdentifier, quotePath } from "../../sql/identifier.js";
import type { Alteration, Kind } from "../kind.js";
import { optionChanges, optionsClause, optionsField } from "./options.js";
import { isUsers, literalOf, type PlainCatalogDefinition, plainBase, plainColumns, renames } from "./plain.js";

const target = (path: readonly string[]) => `SERVER ${quotePath(path)}`;

export const foreignServerKind: Kind<PlainCatalogDefinition<"foreign server">> = {
  ...plainBase("foreign server", { factory: "foreignServer", inNoSchema: true, target }),
  ...renames(target),

  seenIn: "pg_foreign_server",
  query: () =>
    `${plainColumns("pg_foreign_server", "x.srvname", {
      wrapper: "(SELECT w.fdwname FROM pg_foreign_data_wrapper w WHERE w.oid = x.srvfdw)",
      type: "x.srvtype",
      version: "x.srvversion",
      options: optionsField("x.srvoptions"),
    })} WHERE ${isUsers("pg_foreign_server")}`,

  create: ({ path, definition: { wrapper, type, version, options } }) => [
    {
      sql: [
        `CREATE ${target(path)}`,
        ...(type === undefined ? [] : [`TYPE ${literalOf(type)}`]),
        ...(version === undefined ? [] : [`VERSION ${literalOf(version)}`]),
        `FOREIGN DATA WRAPPER ${quoteIdentifier(wrapper)}${optionsClause(options)}`,
      ].join(" "),
    },
  ],
  alter(from, to): Alteration {
    const [before, after] = [from.definition, to.definition];
    if (before.wrapper !== after.wrapper || before.type !== after.type) return { op: "replace" };
    const version = before.version === after.version ? "" : ` VERSION ${literalOf(after.version) ?? "NULL"}`;
    const changes = version + optionChanges(before.options, after.options);
    return { op: "statements", statements: changes === "" ? [] : [{ sql: `ALTER ${target(to.path)}${changes}` }] };
  },
};
