/** Roles, as declarations: what is not said is as PostgreSQL makes it. */

import type { MembershipDeclaration, RoleDeclaration } from "../declarations.js";
import type { RoleDefinition, RoleOptions, RoleSettings } from "../roles.js";
import type { DeclareContext } from "./declare-types.js";
import type { NameBook } from "./names.js";

export function declareRole(
  { name, options }: RoleDefinition,
  { names, problems }: DeclareContext & { readonly names: NameBook },
): RoleDeclaration {
  const origin = `role(${JSON.stringify(name)})`;
  names.takePart("role", [], name, origin);
  const said = options ?? {};
  const { validUntil = null, memberOf = [] } = said;
  if (validUntil !== null && !isTime(validUntil))
    problems.add(
      "model.role",
      `${origin} is valid until ${JSON.stringify(validUntil)}; give a day, such as 2030-01-01, or a time with its zone, such as 2030-01-01T12:00:00Z.`,
    );
  const memberships = memberOf.map((each) => membership(each, said));
  for (const { role, admin, inherit, set } of memberships)
    if (admin && !inherit && !set)
      problems.add(
        "model.role",
        `${origin} is a member of ${role} with admin and neither inherit nor set, which PostgreSQL gives to whoever makes a role, so that it tells nothing; grant it by hand.`,
      );
  return {
    origin,
    name,
    comment: said.comment ?? null,
    dropped: options === null,
    login: said.login ?? false,
    inherit: said.inherit ?? true,
    createDb: said.createDb ?? false,
    createRole: said.createRole ?? false,
    replication: said.replication ?? false,
    bypassRls: said.bypassRls ?? false,
    superuser: said.superuser ?? false,
    connectionLimit: said.connectionLimit ?? null,
    validUntil: validUntil !== null && isTime(validUntil) ? new Date(validUntil).toISOString() : null,
    memberOf: memberships,
    settings: texts(said.settings),
    databaseSettings: texts(said.databaseSettings),
  };
}

function membership(
  said: string | NonNullable<RoleOptions["memberOf"]>[number],
  of: RoleOptions,
): MembershipDeclaration {
  const {
    role,
    admin = false,
    inherit = of.inherit ?? true,
    set = true,
  } = typeof said === "string" ? { role: said } : said;
  return { role, admin, inherit, set };
}

/** Without a zone it would be another time on every machine. */
function isTime(text: string): boolean {
  return (
    /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d))?$/.test(text) && !Number.isNaN(Date.parse(text))
  );
}

/** PostgreSQL finds settings whatever the case of their names. */
function texts(settings: RoleSettings = {}): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(settings).map(([name, value]) => [name.toLowerCase(), String(value)]));
}
