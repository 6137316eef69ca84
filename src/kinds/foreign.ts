/** What a foreign table has beyond every table: the server where its rows are, and what that takes. */

import { sameData } from "../catalog/catalog.js";
import { quoteIdentifier, quotePath } from "../sql/identifier.js";
import { optionChanges, optionsClause, optionsField } from "./plain/options.js";
import { objectCode, stringCode } from "./source.js";
import { jsonObject } from "./statements.js";

export interface ForeignDefinition {
  readonly server: string;
  /** Without secrets. */
  readonly options?: Readonly<Record<string, string>>;
}

interface MayBeForeign {
  readonly foreign?: ForeignDefinition;
}

/** The field `foreign` of a table `c`; NULL for one whose rows are here. */
export const foreignField = `CASE WHEN c.relkind = 'f' THEN (SELECT ${jsonObject({
  server: "fs.srvname",
  options: optionsField("ft.ftoptions"),
})} FROM pg_foreign_table ft JOIN pg_foreign_server fs ON fs.oid = ft.ftserver WHERE ft.ftrelid = c.oid) END`;

/** `FOREIGN TABLE "public"."users"`, as after DROP and COMMENT ON. */
export function tableTarget({ path, definition }: { path: readonly string[]; definition: MayBeForeign }): string {
  return `${definition.foreign === undefined ? "" : "FOREIGN "}TABLE ${quotePath(path)}`;
}

/** ` SERVER "archive" OPTIONS (…)` at the end of CREATE. */
export function foreignClause({ foreign }: MayBeForeign): string {
  return foreign === undefined ? "" : ` SERVER ${quoteIdentifier(foreign.server)}${optionsClause(foreign.options)}`;
}

/** What no ALTER does: rows that come here or go elsewhere, and another server. */
export function movesElsewhere({ foreign: from }: MayBeForeign, { foreign: to }: MayBeForeign): boolean {
  return from?.server !== to?.server;
}

/** The action that changes a table's or a column's options, as after ALTER FOREIGN TABLE or its ALTER COLUMN. */
export function optionsAction(
  from: Readonly<Record<string, string>> | undefined,
  to: Readonly<Record<string, string>> | undefined,
): readonly string[] {
  return sameData(from, to) ? [] : [optionChanges(from, to).trimStart()];
}

/** `{ server: "archive", options: { table_name: "users" } }`. */
export function foreignCode({ foreign }: MayBeForeign): string | null {
  return foreign === undefined
    ? null
    : objectCode({ server: stringCode(foreign.server), options: textsCode(foreign.options) });
}

/** Options are texts, whatever they look like. */
export function textsCode(options: Readonly<Record<string, string>> | undefined): string | null {
  if (options === undefined) return null;
  return objectCode(Object.fromEntries(Object.entries(options).map(([name, value]) => [name, stringCode(value)])));
}
