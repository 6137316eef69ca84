/** Foreign-data wrappers, but those of extensions. They lie in no schema. */

import { quotePath } from "../../sql/identifier.js";
import type { Alteration, Kind } from "../kind.js";
import { optionChanges, optionsClause, optionsField } from "./options.js";
import {
  functionName,
  isUsers,
  outsideField,
  type PlainCatalogDefinition,
  plainBase,
  plainColumns,
  renames,
} from "./plain.js";

type Definition = PlainCatalogDefinition<"foreign data wrapper">;

const target = (path: readonly string[]) => `FOREIGN DATA WRAPPER ${quotePath(path)}`;

export const foreignDataWrapperKind: Kind<Definition> = {
  ...plainBase("foreign data wrapper", { factory: "foreignDataWrapper", inNoSchema: true }),
  ...renames(target),

  seenIn: "pg_foreign_data_wrapper",
  query: () =>
    `${plainColumns("pg_foreign_data_wrapper", "x.fdwname", {
      handler: functionName("x.fdwhandler"),
      validator: functionName("x.fdwvalidator"),
      options: optionsField("x.fdwoptions"),
      outside: outsideField({ functions: ["x.fdwhandler", "x.fdwvalidator"] }),
    })} WHERE ${isUsers("pg_foreign_data_wrapper")}`,

  create: ({ path, definition }) => [
    { sql: `CREATE ${target(path)}${functionClauses({}, definition)}${optionsClause(definition.options)}` },
  ],
  alter(from, to): Alteration {
    const [before, after] = [from.definition, to.definition];
    const changes = functionClauses(before, after) + optionChanges(before.options, after.options);
    return { op: "statements", statements: changes === "" ? [] : [{ sql: `ALTER ${target(to.path)}${changes}` }] };
  },
};

/** ` HANDLER f NO VALIDATOR`: what differs. */
function functionClauses(from: Partial<Definition>, to: Definition): string {
  return (["handler", "validator"] as const)
    .filter((role) => from[role] !== to[role])
    .map((role) => (to[role] === undefined ? ` NO ${role.toUpperCase()}` : ` ${role.toUpperCase()} ${to[role]}`))
    .join("");
}
