/** Operator families, with those members that belong to no class of theirs. */

import { objectId } from "../../catalog/catalog.js";
import { displayName, quoteIdentifier } from "../../sql/identifier.js";
import type { Alteration, Kind } from "../kind.js";
import { memberAliases, memberKey, membersField, usingName } from "./operator-members.js";
import { isUsers, type PlainCatalogDefinition, type PlainObject, plainBase, plainColumns } from "./plain.js";

const target = (path: readonly string[]) => `OPERATOR FAMILY ${usingName(path)}`;

const ofFamily = (catalog: "pg_amop" | "pg_amproc") =>
  `m.${catalog === "pg_amop" ? "amopfamily" : "amprocfamily"} = x.oid AND NOT EXISTS (SELECT FROM pg_depend d
            WHERE d.classid = '${catalog}'::regclass AND d.objid = m.oid AND d.refclassid = 'pg_opclass'::regclass)`;

const base = plainBase("operator family", { factory: "operatorFamily", target });

export const operatorFamilyKind: Kind<PlainCatalogDefinition<"operator family">> = {
  ...base,

  seenIn: "pg_opfamily WHERE oid >= 16384",
  query: () =>
    `${plainColumns(
      "pg_opfamily",
      "n.nspname, am.amname, x.opfname",
      { using: "am.amname", members: membersField(ofFamily) },
      memberAliases(ofFamily),
    )} JOIN managed n ON n.oid = x.opfnamespace JOIN pg_am am ON am.oid = x.opfmethod WHERE ${isUsers("pg_opfamily")}`,

  create: ({ path, definition: { members = [] } }) => [
    { sql: `CREATE ${target(path)}` },
    ...(members.length === 0 ? [] : [{ sql: `ALTER ${target(path)} ADD ${members.join(", ")}` }]),
  ],
  alter(from, to): Alteration {
    const [before, after] = [from.definition.members ?? [], to.definition.members ?? []];
    const gone = before.filter((member) => !after.includes(member)).map(memberKey);
    const come = after.filter((member) => !before.includes(member));
    return {
      op: "statements",
      statements: [
        ...(gone.length === 0 ? [] : [{ sql: `ALTER ${target(to.path)} DROP ${gone.join(", ")}` }]),
        ...(come.length === 0 ? [] : [{ sql: `ALTER ${target(to.path)} ADD ${come.join(", ")}` }]),
      ],
    };
  },
  rename: ({ path }, name) => `ALTER ${target(path)} RENAME TO ${quoteIdentifier(name)}`,
  describe: (_object, path) => describeUsing("operator family", path),

  /** One that a class makes by itself is said by the class. */
  source: (object, context) => (isOfClass(object, context.catalog.objects) ? null : base.source(object, context)),
};

/** `operator family app.by_size using btree`. */
export function describeUsing(word: string, path: readonly string[]): string {
  return `${word} ${displayName([...path.slice(0, -2), path.at(-1) ?? ""])} using ${path.at(-2)}`;
}

function isOfClass(
  { path, comment, definition }: PlainObject<"operator family">,
  objects: ReadonlyMap<string, unknown>,
): boolean {
  return comment === null && definition.members === undefined && objects.has(objectId("operator class", path));
}
