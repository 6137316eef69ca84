/** Operator classes: how an index deals with a type. */

import { objectId } from "../../catalog/catalog.js";
import { quoteIdentifier, quotePath } from "../../sql/identifier.js";
import type { Kind, PlanContext } from "../kind.js";
import { describeUsing } from "./operator-family.js";
import { memberAliases, membersField, usingName } from "./operator-members.js";
import { isUsers, type PlainCatalogDefinition, type PlainObject, plainBase, plainColumns } from "./plain.js";

const target = (path: readonly string[]) => `OPERATOR CLASS ${usingName(path)}`;

const ofClass = (catalog: "pg_amop" | "pg_amproc") =>
  `m.oid IN (SELECT d.objid FROM pg_depend d
            WHERE d.classid = '${catalog}'::regclass AND d.refclassid = 'pg_opclass'::regclass AND d.refobjid = x.oid)`;

export const operatorClassKind: Kind<PlainCatalogDefinition<"operator class">> = {
  ...plainBase("operator class", { factory: "operatorClass", target, types: ["type", "storage"] }),

  seenIn: "pg_opclass WHERE oid >= 16384",
  query: () =>
    `${plainColumns(
      "pg_opclass",
      "n.nspname, am.amname, x.opcname",
      {
        using: "am.amname",
        type: "format_type(x.opcintype, NULL)",
        default: "CASE WHEN x.opcdefault THEN true END",
        family: `(SELECT quote_ident(fn.nspname) || '.' || quote_ident(f.opfname) FROM pg_opfamily f JOIN pg_namespace fn ON fn.oid = f.opfnamespace
        WHERE f.oid = x.opcfamily AND (f.opfname <> x.opcname OR f.opfnamespace <> x.opcnamespace))`,
        storage: "format_type(nullif(x.opckeytype, 0), NULL)",
        members: `coalesce(${membersField(ofClass)}, '[]')`,
      },
      memberAliases(ofClass),
    )} JOIN managed n ON n.oid = x.opcnamespace JOIN pg_am am ON am.oid = x.opcmethod WHERE ${isUsers("pg_opclass")}`,

  create: (object, context) => [{ sql: createStatement(object, context) }],
  rename: ({ path }, name) => `ALTER ${target(path)} RENAME TO ${quoteIdentifier(name)}`,
  describe: (_object, path) => describeUsing("operator class", path),
  namedByTypes: true,
  slots: ({ path, definition: { using, type, default: isDefault } }) => [
    `operator class ${JSON.stringify(path)}`,
    ...(isDefault ? [`default operator class ${JSON.stringify([using, type])}`] : []),
  ],
};

function createStatement({ path, definition }: PlainObject<"operator class">, { to }: PlanContext): string {
  const { type, default: isDefault, storage, members } = definition;
  const [schema = "", , name = ""] = path;
  // Where the family of its own name is none of the catalog's objects, PostgreSQL makes it by itself.
  const own = to.objects.has(objectId("operator family", path)) ? quotePath([schema, name]) : undefined;
  const family = definition.family ?? own;
  // A class may have a family and nothing else.
  const parts = [...members, ...(storage === undefined && members.length > 0 ? [] : [`STORAGE ${storage ?? type}`])];
  return `CREATE OPERATOR CLASS ${quotePath([schema, name])}${isDefault ? " DEFAULT" : ""} FOR TYPE ${type} USING ${quoteIdentifier(definition.using)}${family === undefined ? "" : ` FAMILY ${family}`} AS ${parts.join(", ")}`;
}
