/** Extensions. What belongs to one is left alone. */

import { objectId } from "../catalog/catalog.js";
import { quoteIdentifier, quoteLiteral, quotePath } from "../sql/identifier.js";
import type { Kind } from "./kind.js";
import { callCode, objectCode, stringCode } from "./source.js";
import { compact, jsonObject } from "./statements.js";

export interface ExtensionDefinition {
  /** Absent in a declaration: wherever CREATE EXTENSION puts it. */
  readonly schema?: string;
  /** Absent: the server's default version, and then no difference to any. */
  readonly version?: string;
  /** Its schema is not managed: seen, so that nobody creates it twice, but not dropped. */
  readonly outside?: true;
}

export const extensionKind: Kind<ExtensionDefinition> = {
  name: "extension",
  inNoSchema: true,

  // The version is not read: models rarely name one, and then an upgraded server must not look like a difference.
  query: () => `
    SELECT 'pg_extension'::regclass::oid, e.oid, 0, NULL::text, json_build_array(e.extname),
      nullif(obj_description(e.oid, 'pg_extension'), (SELECT a.comment FROM pg_available_extensions() a WHERE a.name = e.extname)),
      ${jsonObject({
        schema: "n.nspname",
        outside: "CASE WHEN n.oid NOT IN (SELECT oid FROM managed) AND n.nspname <> 'pg_catalog' THEN true END",
      })}
    FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname <> 'plpgsql'`,

  *declare({ extensions }) {
    for (const { name, schema, version, comment } of extensions)
      yield { path: [name], comment, definition: compact<ExtensionDefinition>({ schema, version, outside: null }) };
  },

  same: (from, to) => from.schema === undefined || to.schema === undefined || from.schema === to.schema,
  leaveOpen: (declared, printed) => (declared.schema === undefined ? {} : printed),
  isOutside: ({ definition }) => definition.outside === true,

  create({ path, definition: { schema, version } }) {
    const options = [
      ...(schema === undefined || schema === "pg_catalog" ? [] : [`SCHEMA ${quoteIdentifier(schema)}`]),
      ...(version === undefined ? [] : [`VERSION ${quoteLiteral(version)}`]),
    ];
    return [{ sql: ["CREATE EXTENSION", quotePath(path), ...options].join(" ") }];
  },
  drop: ({ path }) => [{ sql: `DROP EXTENSION ${quotePath(path)}`, hazards: ["data-loss"] }],
  alter: (_from, to) => ({
    op: "statements",
    statements: [
      { sql: `ALTER EXTENSION ${quotePath(to.path)} SET SCHEMA ${quoteIdentifier(to.definition.schema ?? "public")}` },
    ],
  }),
  needs: ({ definition: { schema } }) => (schema === undefined ? [] : [objectId("schema", [schema])]),
  commentTarget: ({ path }) => `EXTENSION ${quotePath(path)}`,

  source({ path: [name = ""], comment, definition: { schema } }, context) {
    const options = objectCode({
      schema: schema === undefined || schema === "pg_catalog" ? null : stringCode(schema),
      comment: comment === null ? null : stringCode(comment),
    });
    return { at: "objects", code: () => callCode(context.use("extension"), stringCode(name), options) };
  },
};
