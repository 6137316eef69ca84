/**
 * Subscriptions. Nothing here ever connects: they are created without a connection and a slot, and disabled. Their
 * connection string, slot and state belong to the server that they run on, and are neither read nor written.
 */

import { sameData } from "../../catalog/catalog.js";
import { quoteIdentifier, quotePath } from "../../sql/identifier.js";
import type { Alteration, Kind, Statement } from "../kind.js";
import { isUsers, literalOf, type PlainCatalogDefinition, plainBase, plainColumns, renames } from "./plain.js";

type Definition = PlainCatalogDefinition<"subscription">;

const target = (path: readonly string[]) => `SUBSCRIPTION ${quotePath(path)}`;

export const subscriptionKind: Kind<Definition> = {
  ...plainBase("subscription", { factory: "subscription", inNoSchema: true, isLabelled: true }),
  ...renames(target),

  seenIn: "pg_subscription",
  query: ({ version }) =>
    `${plainColumns("pg_subscription", "x.subname", {
      publications: "to_json(x.subpublications)",
      binary: "CASE WHEN x.subbinary THEN true END",
      streaming:
        version >= 160000
          ? `CASE x.substream WHEN 't' THEN 'on' ${version >= 180000 ? "WHEN 'f' THEN 'off'" : "WHEN 'p' THEN 'parallel'"} END`
          : "CASE WHEN x.substream THEN 'on' END",
      ...(version >= 150000 ? { disableOnError: "CASE WHEN x.subdisableonerr THEN true END" } : {}),
      ...(version >= 160000
        ? {
            passwordRequired: "CASE WHEN NOT x.subpasswordrequired THEN false END",
            runAsOwner: "CASE WHEN x.subrunasowner THEN true END",
            origin: "nullif(x.suborigin, 'any')",
          }
        : {}),
      synchronousCommit: "nullif(x.subsynccommit, 'off')",
    })} WHERE x.subdbid = (SELECT oid FROM pg_database WHERE datname = current_database()) AND ${isUsers("pg_subscription")}`,

  create({ path, definition }) {
    const own = Object.entries(settings(definition)).map(([name, value]) => `${name} = ${value}`);
    const options = ["connect = false", "slot_name = NONE", ...own].join(", ");
    return [
      {
        sql: `CREATE ${target(path)} CONNECTION '' PUBLICATION ${nameList(definition)} WITH (${options})`,
        sentence: `create subscription ${path[0]}, disabled: give it its connection and slot, and enable it, on the database itself`,
      },
    ];
  },
  // One with a slot would drop that on the publisher's side, for which it connects.
  drop: ({ path }) => [
    { sql: `ALTER ${target(path)} DISABLE`, sentence: `disable subscription ${path[0]}` },
    {
      sql: `ALTER ${target(path)} SET (slot_name = NONE)`,
      sentence: `leave the slot of subscription ${path[0]} to the publisher: drop it there`,
    },
    { sql: `DROP ${target(path)}`, hazards: ["data-loss"] },
  ],
  alter(from, to, context): Alteration {
    const [before, after] = [settings(from.definition), settings(to.definition)];
    const changes = Object.entries({ ...defaultsOf(before, context.to.serverVersion), ...after })
      .filter(([name, value]) => before[name] !== value)
      .map(([name, value]) => `${name} = ${value}`);
    const alter = (change: string): Statement => ({ sql: `ALTER ${target(to.path)} ${change}` });
    return {
      op: "statements",
      statements: [
        ...(sameData(from.definition.publications, to.definition.publications)
          ? []
          : [alter(`SET PUBLICATION ${nameList(to.definition)} WITH (refresh = false)`)]),
        ...(changes.length === 0 ? [] : [alter(`SET (${changes.join(", ")})`)]),
      ],
    };
  },
};

function nameList({ publications }: Definition): string {
  return publications.map(quoteIdentifier).join(", ");
}

type Settings = Readonly<Record<string, string>>;

/** What is said, by PostgreSQL's names. */
function settings(definition: Definition): Settings {
  const { binary, streaming, synchronousCommit, disableOnError, passwordRequired, runAsOwner, origin } = definition;
  const said = {
    binary: binary?.toString(),
    streaming,
    synchronous_commit: literalOf(synchronousCommit),
    disable_on_error: disableOnError?.toString(),
    password_required: passwordRequired?.toString(),
    run_as_owner: runAsOwner?.toString(),
    origin,
  };
  return Object.fromEntries(Object.entries(said).flatMap(([name, value]) => (value == null ? [] : [[name, value]])));
}

const defaults: Settings = {
  binary: "false",
  streaming: "off",
  synchronous_commit: "'off'",
  disable_on_error: "false",
  password_required: "true",
  run_as_owner: "false",
  origin: "any",
};

/** What becomes of the settings that were said and no longer are. */
function defaultsOf(said: Settings, version: number): Settings {
  const own = version >= 180000 ? { ...defaults, streaming: "parallel" } : defaults;
  return Object.fromEntries(Object.keys(said).map((name) => [name, own[name] ?? ""]));
}
