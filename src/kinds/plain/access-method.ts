/** Access methods: how indexes and tables are stored. They lie in no schema. */

import { quotePath } from "../../sql/identifier.js";
import type { Kind } from "../kind.js";
import { functionName, isUsers, outsideField, type PlainCatalogDefinition, plainBase, plainColumns } from "./plain.js";

const { renamesFreely: _, ...base } = plainBase("access method", { factory: "accessMethod", inNoSchema: true });

export const accessMethodKind: Kind<PlainCatalogDefinition<"access method">> = {
  ...base,

  seenIn: "pg_am WHERE oid >= 16384",
  query: () =>
    `${plainColumns("pg_am", "x.amname", {
      type: "CASE x.amtype WHEN 'i' THEN 'index' ELSE 'table' END",
      handler: functionName("x.amhandler"),
      outside: outsideField({ functions: ["x.amhandler"] }),
    })} WHERE ${isUsers("pg_am")}`,

  create: ({ path, definition: { type, handler } }) => [
    { sql: `CREATE ACCESS METHOD ${quotePath(path)} TYPE ${type.toUpperCase()} HANDLER ${handler}` },
  ],
};
