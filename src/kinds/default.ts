/** A column's default: apart from the column, since sequences, functions and types come between the two. */

import type { CatalogObject } from "../catalog/catalog.js";
import { displayName, quoteIdentifier } from "../sql/identifier.js";
import { defaultsKept } from "./inherited-column.js";
import type { Kind, PlanContext, Statement } from "./kind.js";
import { isSerial } from "./sequence.js";
import { callCode, sqlCode } from "./source.js";
import { alterTable } from "./statements.js";

export interface DefaultDefinition {
  readonly expression: string;
}

export const defaultKind: Kind<DefaultDefinition> = {
  name: "default",
  parent: "column",
  sharesParentPath: true,

  query: () => `
    SELECT 'pg_attrdef'::regclass::oid, d.oid, 0, NULL::text, json_build_array(c.nspname, c.relname, a.attname), NULL::text,
      json_build_object('expression', pg_get_expr(d.adbin, d.adrelid))
    FROM pg_attrdef d JOIN managed_table c ON c.oid = d.adrelid
      JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
    WHERE a.attgenerated = '' AND a.attinhcount = 0 AND c.reloftype = 0`,

  *declare({ tables }) {
    for (const { schema, name: table, columns } of tables)
      for (const { name, default: expression } of columns)
        if (expression !== null) yield { path: [schema, table, name], comment: null, definition: { expression } };
  },

  inline: ({ definition: { expression } }) => ({ sql: `DEFAULT ${expression}` }),
  create: ({ path, definition: { expression } }, context) => setDefault(path, `SET DEFAULT ${expression}`, context),
  drop: ({ path }, context) => setDefault(path, "DROP DEFAULT", context),
  alter: (_from, { path, definition: { expression } }, context) => ({
    op: "statements",
    statements: setDefault(path, `SET DEFAULT ${expression}`, context),
  }),
  source: ({ path, definition: { expression } }, context) =>
    isSerial(path, context)
      ? null
      : { at: "column", code: () => callCode(".serverDefault", sqlCode(expression, context)) },
  describe: (_object, path) => `default of column ${displayName(path)}`,
};

function setDefault(path: readonly string[], action: string, context: PlanContext): readonly Statement[] {
  const sql = alterTable(path, `ALTER COLUMN ${quoteIdentifier(path[2] ?? "")} ${action}`);
  return [{ sql }, ...defaultsKept(path, context)];
}

/** Whether a default is plainly NULL, cast or not: `(NULL::character varying)::text`. */
export function isNullDefault(object: CatalogObject | undefined): boolean {
  // Objects of this kind have this definition, which their common type doesn't say.
  const definition = object?.definition as DefaultDefinition | undefined;
  return definition !== undefined && /^\(*NULL(::|\)|$)/.test(definition.expression);
}
