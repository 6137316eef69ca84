/**
 * Roles, with what they are members of and what their sessions begin with. They belong to the server: another database of it
 * may use them too, so one that is there already is taken as it is, and the way back leaves what the way there made.
 * Passwords are neither read nor written.
 */

import { type CatalogObject, objectId, sameData } from "../catalog/catalog.js";
import type { RoleDeclaration } from "../model/declarations.js";
import { displayName, dollarQuote, quoteIdentifier, quoteLiteral } from "../sql/identifier.js";
import type { Kind } from "./kind.js";
import {
  declaredMembership,
  grantSql,
  type Membership,
  membershipChanges,
  membershipsField,
  roleOf,
} from "./membership.js";
import { entriesCode, valueCode } from "./plain/plain.js";
import { callCode, settingsCode, stringCode } from "./source.js";
import { compact, isListSetting, jsonObject, parameterName, settingNames, settingValue } from "./statements.js";

type Settings = Readonly<Record<string, string>>;

export interface RoleDefinition {
  readonly login?: true;
  readonly inherit?: false;
  readonly createDb?: true;
  readonly createRole?: true;
  readonly replication?: true;
  readonly bypassRls?: true;
  readonly superuser?: true;
  readonly connectionLimit?: number;
  /** In UTC, such as `2030-01-01T12:00:00.000Z`; a whole day without its time. */
  readonly validUntil?: string;
  readonly memberOf?: readonly Membership[];
  readonly settings?: Settings;
  readonly databaseSettings?: Settings;
}

/** Attributes that are there or not: PostgreSQL's word, its column, and what a role has where nothing is said. */
const flags = {
  login: ["LOGIN", "rolcanlogin", false],
  inherit: ["INHERIT", "rolinherit", true],
  createDb: ["CREATEDB", "rolcreatedb", false],
  createRole: ["CREATEROLE", "rolcreaterole", false],
  replication: ["REPLICATION", "rolreplication", false],
  bypassRls: ["BYPASSRLS", "rolbypassrls", false],
  superuser: ["SUPERUSER", "rolsuper", false],
} as const;

// The keys are those of the object above.
const flagNames = Object.keys(flags) as (keyof typeof flags)[];

export const roleKind: Kind<RoleDefinition> = {
  name: "role",
  inNoSchema: true,
  ofServer: true,
  onRequest: "roles",

  // PostgreSQL's own roles are not the project's, nor is the one that the server began with.
  query: (server) => `
    SELECT 'pg_authid'::regclass::oid, r.oid, 0, NULL::text, json_build_array(r.rolname), shobj_description(r.oid, 'pg_authid'),
      ${jsonObject({
        ...Object.fromEntries(
          flagNames.map((name) => {
            const [, column, implied] = flags[name];
            return [name, `CASE WHEN r.${column} <> ${implied} THEN r.${column} END`];
          }),
        ),
        connectionLimit: "nullif(r.rolconnlimit, -1)",
        validUntil: `CASE WHEN isfinite(r.rolvaliduntil)
          THEN replace(to_char(r.rolvaliduntil AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), '${midnight}', '') END`,
        memberOf: membershipsField(server),
        settings: settingsField("0"),
        databaseSettings: settingsField("(SELECT d.oid FROM pg_database d WHERE d.datname = current_database())"),
      })}
    FROM pg_roles r WHERE r.oid >= 16384`,

  *declare({ roles }) {
    for (const role of roles)
      if (!role.dropped) yield { path: [role.name], comment: role.comment, definition: declaredDefinition(role) };
  },

  scope: {
    topicOf: ({ path: [name = ""] }) => name,
    topics: ({ roles }) => roles.map(({ name }) => name),
    isKept: false,
  },

  same: (from, to) => sameData(comparable(from), comparable(to)),

  create({ path, definition }) {
    const name = nameOf(path);
    const { memberOf = [], settings = {}, databaseSettings = {} } = definition;
    const attributes = attributeWords({}, definition);
    const statements = [
      ["CREATE ROLE", name, ...attributes].join(" "),
      ...memberOf.map((membership) => grantSql(name, membership)),
      ...settingChanges({}, settings).map((change) => `ALTER ROLE ${name} ${change}`),
    ];
    const isMissing = `NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = ${literal(path[0] ?? "")})`;
    // Another database's migration may be making it, and have it committed by the time that CREATE ROLE has waited for that.
    const made = "EXCEPTION WHEN duplicate_object OR unique_violation THEN\n  NULL;";
    const body = `\nBEGIN\n  IF ${isMissing} THEN\n${statements.map((each) => `    ${each};\n`).join("")}  END IF;\n${made}\nEND\n`;
    return [
      { sql: `DO ${dollarQuote(body, "do")}`, sentence: `create role ${displayName(path)} where it is missing` },
      ...settingChanges({}, databaseSettings).map((change) => inDatabase(name, change)),
    ];
  },

  drop: ({ path }, { isWayBack }) =>
    isWayBack ? [] : [{ sql: `DROP ROLE IF EXISTS ${nameOf(path)}`, hazards: ["data-loss"] }],

  alter({ definition: from }, { path, definition: to }) {
    const name = nameOf(path);
    const attributes = attributeWords(from, to);
    return {
      op: "statements",
      statements: [
        ...(attributes.length === 0 ? [] : [{ sql: `ALTER ROLE ${name} ${attributes.join(" ")}` }]),
        ...membershipChanges(name, from, to).map((sql) => ({ sql })),
        ...settingChanges(from.settings, to.settings).map((change) => ({ sql: `ALTER ROLE ${name} ${change}` })),
        ...settingChanges(from.databaseSettings, to.databaseSettings).map((change) => inDatabase(name, change)),
      ],
    };
  },

  commentTarget: ({ path }) => `ROLE ${nameOf(path)}`,
  needs: ({ definition: { memberOf = [] } }) => memberOf.map((each) => objectId("role", [roleOf(each)])),
  roles: ({ definition: { memberOf = [] } }) => memberOf.map(roleOf),

  source: (object: CatalogObject<RoleDefinition>, context) => ({
    at: "objects",
    code: () => {
      const { path, comment, definition } = object;
      const { settings, databaseSettings, ...said } = definition;
      const options = entriesCode({
        ...Object.fromEntries(Object.entries(said).map(([name, value]) => [name, valueCode(value)])),
        settings: settingsCode(settings),
        databaseSettings: settingsCode(databaseSettings),
        comment: comment === null ? null : stringCode(comment),
        ...context.entries(object),
      });
      return callCode(context.use("role"), stringCode(path[0] ?? ""), options);
    },
  }),
};

const midnight = "T00:00:00.000Z";

const nameOf = ([name = ""]: readonly string[]) => quoteIdentifier(name);

const literal = (text: string) => quoteLiteral(text).trimStart();

/** PostgreSQL keeps each as `name=value`. */
function settingsField(database: string): string {
  return `(SELECT json_object_agg(lower(split_part(o, '=', 1)), substr(o, strpos(o, '=') + 1) ORDER BY lower(o) COLLATE "C")
          FROM pg_db_role_setting s, unnest(s.setconfig) o WHERE s.setrole = r.oid AND s.setdatabase = ${database})`;
}

function declaredDefinition(role: RoleDeclaration): RoleDefinition {
  const said = compact<Omit<RoleDefinition, "inherit">>({
    superuser: role.superuser || null,
    createDb: role.createDb || null,
    createRole: role.createRole || null,
    login: role.login || null,
    replication: role.replication || null,
    bypassRls: role.bypassRls || null,
    connectionLimit: role.connectionLimit,
    validUntil: role.validUntil?.replace(midnight, "") ?? null,
    memberOf: [...role.memberOf]
      .sort((a, b) => (a.role < b.role ? -1 : 1))
      .map((membership) => declaredMembership(membership, role)),
    settings: role.settings,
    databaseSettings: role.databaseSettings,
  });
  return role.inherit ? said : { ...said, inherit: false };
}

/** Lists of names are the same however they are quoted. */
function comparable(definition: RoleDefinition): object {
  const plain = (settings: Settings = {}) =>
    Object.fromEntries(
      Object.entries(settings).map(([name, value]) => [name, isListSetting(name) ? settingNames(value) : value]),
    );
  const { settings, databaseSettings, ...rest } = definition;
  return { ...rest, settings: plain(settings), databaseSettings: plain(databaseSettings) };
}

/** `LOGIN NOINHERIT CONNECTION LIMIT 5`: what turns the one's into the other's. */
function attributeWords(from: RoleDefinition, to: RoleDefinition): readonly string[] {
  const words = flagNames.flatMap((name) => {
    const [word, , implied] = flags[name];
    const wanted = to[name] ?? implied;
    return (from[name] ?? implied) === wanted ? [] : [wanted ? word : `NO${word}`];
  });
  return [
    ...words,
    ...(from.connectionLimit === to.connectionLimit ? [] : [`CONNECTION LIMIT ${to.connectionLimit ?? -1}`]),
    ...(from.validUntil === to.validUntil ? [] : [`VALID UNTIL ${literal(timeOf(to.validUntil))}`]),
  ];
}

/** Whole, so that it is the same time in every session's zone. */
function timeOf(validUntil: string | undefined): string {
  return validUntil === undefined ? "infinity" : new Date(validUntil).toISOString();
}

/** `SET "work_mem" TO '8MB'`, `RESET "work_mem"`. */
function settingChanges(from: Settings = {}, to: Settings = {}): readonly string[] {
  return [
    ...Object.keys(from).flatMap((name) => (name in to ? [] : [`RESET ${parameterName(name)}`])),
    ...Object.entries(to).flatMap(([name, value]) =>
      from[name] === value ? [] : [`SET ${parameterName(name)} TO ${settingValue(name, value)}`],
    ),
  ];
}

/** For the database that it runs in, whatever its name. */
function inDatabase(name: string, change: string) {
  const [head, end] = [literal(`ALTER ROLE ${name} IN DATABASE `), literal(` ${change}`)];
  const body = ` BEGIN EXECUTE ${head} || quote_ident(current_database()) || ${end}; END `;
  return { sql: `DO ${dollarQuote(body, "do")}` };
}
