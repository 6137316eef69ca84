/** Languages of functions, but those of extensions. They lie in no schema. */

import { quotePath } from "../../sql/identifier.js";
import type { Kind } from "../kind.js";
import {
  functionName,
  isUsers,
  outsideField,
  type PlainCatalogDefinition,
  type PlainObject,
  plainBase,
  plainColumns,
  renames,
} from "./plain.js";

const target = (path: readonly string[]) => `LANGUAGE ${quotePath(path)}`;

export const languageKind: Kind<PlainCatalogDefinition<"language">> = {
  ...plainBase("language", { factory: "language", inNoSchema: true }),
  ...renames(target),

  seenIn: "pg_language WHERE oid >= 16384",
  query: () =>
    `${plainColumns("pg_language", "x.lanname", {
      handler: functionName("x.lanplcallfoid"),
      inline: functionName("x.laninline"),
      validator: functionName("x.lanvalidator"),
      trusted: "CASE WHEN x.lanpltrusted THEN true END",
      outside: outsideField({ functions: ["x.lanplcallfoid", "x.laninline", "x.lanvalidator"] }),
    })} WHERE x.lanispl AND ${isUsers("pg_language")}`,

  create: (object) => [{ sql: createStatement("CREATE", object) }],
  alter: (_from, to) => ({ op: "statements", statements: [{ sql: createStatement("CREATE OR REPLACE", to) }] }),
};

function createStatement(verb: string, { path, definition }: PlainObject<"language">): string {
  const { handler, inline, validator, trusted } = definition;
  const parts = [
    `${verb}${trusted ? " TRUSTED" : ""} ${target(path)} HANDLER ${handler}`,
    ...(inline === undefined ? [] : [`INLINE ${inline}`]),
    ...(validator === undefined ? [] : [`VALIDATOR ${validator}`]),
  ];
  return parts.join(" ");
}
