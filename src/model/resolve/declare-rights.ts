/** Owners and privileges, as declarations. */

import type { DefaultPrivilegesDeclaration, GrantDeclaration, RightsDeclaration } from "../declarations.js";
import type { StandaloneDefinition } from "../objects.js";
import { type DefaultPrivilegesDefinition, type Grant, type RightsSpec, rightsSpec } from "../rights.js";
import type { DeclareContext } from "./declare-types.js";
import { objectPlace, tablePlace } from "./object-place.js";
import type { PartitionMetadata } from "./partitions.js";
import type { TableMetadata } from "./read.js";

/** All that the models say of rights; nothing for what says nothing. */
export function declareRights(
  objects: readonly StandaloneDefinition[],
  tables: readonly TableMetadata[],
  partitions: readonly PartitionMetadata[],
  context: DeclareContext,
): readonly RightsDeclaration[] {
  const all = [
    ...objects.flatMap((object) => rightsOfObject(object, context)),
    ...tables.map((table) => rightsOfTable(table, rightsOfModel(table), context)),
    ...partitions.map(({ table, rights }) => rightsOfTable(table, rights, context)),
  ];
  const said = all.filter(({ owner, grants }) => owner !== null || grants !== null);
  refuseTwice(
    said.map((each) => [JSON.stringify([each.of, each.schema, each.name, each.arguments]), each.origin]),
    context,
  );
  return said;
}

/** Of two words on one thing, none is sure. `what` they say, for the message. */
export function refuseTwice(
  said: readonly (readonly [key: string, origin: string])[],
  { problems }: Pick<DeclareContext, "problems">,
  what = "who may do what with",
): void {
  const known = new Map<string, string>();
  for (const [key, origin] of said) {
    const other = known.get(key);
    if (other !== undefined)
      problems.add("model.rights_twice", `${other} and ${origin} both say ${what} one thing; say it in one place.`);
    known.set(key, origin);
  }
}

function rightsOfObject(object: StandaloneDefinition, context: DeclareContext): readonly RightsDeclaration[] {
  if (!("rights" in object)) return [];
  return [{ ...objectPlace(object, context), ...declared(object.rights, (column) => column) }];
}

/** What it says itself, and else what its Base says. */
export function rightsOfModel({ definition: { options, base } }: TableMetadata): RightsSpec {
  const own = rightsSpec(options);
  return { ...own, owner: own.owner ?? base.rights.owner, grants: own.grants ?? base.rights.grants };
}

function rightsOfTable(table: TableMetadata, rights: RightsSpec, { problems }: DeclareContext): RightsDeclaration {
  const columnOf = (property: string) => {
    const column = table.columns.find((each) => each.property === property);
    if (column === undefined)
      problems.add(
        "model.grant_column",
        `${table.label} grants something on ${property}, which is none of its columns; name a property of it.`,
      );
    return column?.name ?? property;
  };
  return { ...tablePlace(table), ...declared(rights, columnOf) };
}

function declared(
  { owner, grants }: RightsSpec,
  columnOf: (property: string) => string,
): Pick<RightsDeclaration, "owner" | "grants"> {
  return { owner, grants: grants?.map((each) => declaredGrant(each, columnOf)) ?? null };
}

function declaredGrant(
  { privileges, to, columns, grantable }: Grant,
  columnOf: (property: string) => string,
): GrantDeclaration {
  return { privileges, to, columns: columns?.map(columnOf) ?? null, grantable };
}

/** One for each role that is given something; of those that have nothing PUBLIC is said, where it would have something. */
export function declareDefaultPrivileges(
  definitions: readonly DefaultPrivilegesDefinition[],
  context: DeclareContext,
): readonly DefaultPrivilegesDeclaration[] {
  refuseTwice(
    definitions.map((each) => [JSON.stringify([each.role, each.schema, each.sort]), originOf(each)]),
    context,
  );
  return definitions.flatMap(declaredDefaults);
}

function originOf({ role, sort }: DefaultPrivilegesDefinition): string {
  return `defaultPrivileges() of ${role} on ${sort}`;
}

function declaredDefaults(definition: DefaultPrivilegesDefinition): readonly DefaultPrivilegesDeclaration[] {
  const { role, schema, sort, grants } = definition;
  const origin = originOf(definition);
  const all = allBy[sort] ?? ["all"];
  const found = new Map<string, Record<string, boolean>>();
  const implied = schema === null ? impliedBy[sort] : undefined;
  if (implied !== undefined) found.set("public", {});
  for (const { privileges, to, grantable } of grants)
    for (const grantee of to) {
      const words = privileges.flatMap((word) => (word === "all" ? all : [word]));
      const known = found.get(grantee) ?? {};
      found.set(grantee, {
        ...known,
        ...Object.fromEntries(words.map((word) => [word, grantable || known[word] === true])),
      });
    }
  if (implied !== undefined && found.get("public")?.[implied] === false) found.delete("public");
  return [...found].map(([grantee, privileges]) => ({ origin, role, schema, sort, grantee, privileges }));
}

/** What PUBLIC has where nothing is said. */
const impliedBy: Readonly<Record<string, string>> = { functions: "execute", types: "usage" };

/** ALL, where it does not depend on PostgreSQL's version. */
const allBy: Readonly<Record<string, readonly string[]>> = {
  functions: ["execute"],
  types: ["usage"],
  schemas: ["create", "usage"],
  sequences: ["select", "update", "usage"],
  "large objects": ["select", "update"],
};
