/** Options of foreign data: OPTIONS (…) in CREATE and ALTER: those that are no secrets. */

import { secretName, secretValue } from "../../model/plain/servers.js";
import { quoteIdentifier } from "../../sql/identifier.js";
import { optionsObject } from "../statements.js";
import { literalOf } from "./plain.js";

type Options = Readonly<Record<string, string>>;

/** The field of all options but secret ones; NULL where there are none. */
export function optionsField(column: string): string {
  return `CASE WHEN ${column} IS NOT NULL THEN (SELECT json_object_agg(s.key, s.value) FROM json_each(${optionsObject(column)}) s WHERE s.key !~* '${secretName}' AND s.value #>> '{}' !~ '${secretValue}') END`;
}

/** ` OPTIONS ("host" 'localhost')`; nothing where there are none. */
export function optionsClause(options: Options = {}): string {
  const said = Object.entries(options).map(([name, value]) => option(name, value));
  return said.length === 0 ? "" : ` OPTIONS (${said.join(", ")})`;
}

/** ` OPTIONS (ADD …, SET …, DROP …)` that turns the one into the other; nothing where they are alike. */
export function optionChanges(from: Options = {}, to: Options = {}): string {
  const said = Object.entries(to);
  const changes = [
    ...Object.keys(from).flatMap((name) => (name in to ? [] : [`DROP ${quoteIdentifier(name)}`])),
    ...said.flatMap(([name, value]) =>
      from[name] === value ? [] : [`${name in from ? "SET" : "ADD"} ${option(name, value)}`],
    ),
  ];
  return changes.length === 0 ? "" : ` OPTIONS (${changes.join(", ")})`;
}

function option(name: string, value: string): string {
  return `${quoteIdentifier(name)} ${literalOf(value)}`;
}
