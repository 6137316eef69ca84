/** Primary keys and unique constraints. */

import { type CatalogObject, objectId } from "../catalog/catalog.js";
import { displayName, quoteIdentifier } from "../sql/identifier.js";
import { constraintName, deferrableClause, deferrableCode } from "./constraint.js";
import { indexSettingsCode } from "./index-settings.js";
import {
  declaredIndexed,
  type IndexedConstraintDefinition,
  indexedConstraintBase,
  indexedConstraintQuery,
} from "./indexed-constraint.js";
import type { Kind } from "./kind.js";
import {
  callCode,
  columnsCode,
  hasDerivedName,
  type InlineCall,
  namedCode,
  objectCode,
  type SourceContext,
  stringCode,
} from "./source.js";
import { columnList, columnNames, compact, storageParameterList } from "./statements.js";

export interface KeyDefinition extends IndexedConstraintDefinition {
  readonly type: "primary key" | "unique";
  readonly columns: readonly string[];
  readonly include?: readonly string[];
  readonly nullsNotDistinct?: true;
  readonly withoutOverlaps?: true;
}

const indexed = indexedConstraintBase(keyClause);

export const keyKind: Kind<KeyDefinition> = {
  name: "key",
  ...indexed,

  query: ({ version }) =>
    indexedConstraintQuery("'p', 'u'", {
      type: "CASE k.contype WHEN 'p' THEN 'primary key' ELSE 'unique' END",
      columns: columnNames("k.conrelid", "k.conkey"),
      include: `CASE WHEN i.indnatts > i.indnkeyatts THEN ${columnNames("k.conrelid", "(i.indkey::int2[])[i.indnkeyatts:]")} END`,
      ...(version >= 150000 ? { nullsNotDistinct: "CASE WHEN i.indnullsnotdistinct THEN true END" } : {}),
      ...(version >= 180000 ? { withoutOverlaps: "CASE WHEN k.conperiod THEN true END" } : {}),
    }),

  *declare({ tables }) {
    for (const { schema, name: table, constraints } of tables)
      for (const constraint of constraints) {
        if (constraint.type !== "primary key" && constraint.type !== "unique") continue;
        const { type, columns, nullsNotDistinct, withoutOverlaps } = constraint;
        yield {
          path: [schema, table, constraint.name],
          comment: constraint.comment,
          definition: compact<KeyDefinition>({
            type,
            columns,
            nullsNotDistinct: nullsNotDistinct || null,
            withoutOverlaps: withoutOverlaps || null,
            ...declaredIndexed(constraint),
          }),
        };
      }
  },

  inline: (object) => ({
    ...indexed.inline(object),
    sameAs: `key ${JSON.stringify(object.definition.columns)}`,
  }),
  slots: (object) => [
    ...indexed.slots(object),
    ...(object.definition.type === "primary key" ? [`primary key ${JSON.stringify(object.path.slice(0, 2))}`] : []),
  ],
  source(object, context) {
    const inline = inlineKey(object, context);
    return { at: "constraints", code: () => keyCode(object, context), ...(inline === null ? {} : { inline }) };
  },
  describe: ({ definition }, path) =>
    `${definition.type === "unique" ? "unique constraint" : "primary key"} ${displayName(path)}`,
};

/** `unique(c.userId, c.title).deferrable()`. */
function keyCode(object: CatalogObject<KeyDefinition>, context: SourceContext): string {
  const { type, columns, include, nullsNotDistinct, withoutOverlaps, deferrable } = object.definition;
  const isUnique = type === "unique";
  const table = object.path.slice(0, 2);
  return [
    callCode(context.use(isUnique ? "unique" : "primaryKey"), columnsCode(table, columns, context)),
    namedCode(object, isUnique ? "unique" : "pk", [...columns, ...(include ?? [])], context),
    ...(include === undefined ? [] : [`.${callCode("include", columnsCode(table, include, context))}`]),
    ...(nullsNotDistinct ? [".nullsNotDistinct()"] : []),
    ...(withoutOverlaps ? [".withoutOverlaps()"] : []),
    ...(deferrable === undefined ? [] : [deferrableCode(deferrable)]),
    indexSettingsCode(object.definition),
  ].join("");
}

/** `.unique()` on the column, and `.primaryKey()` on each where their order is the key's. */
function inlineKey(object: CatalogObject<KeyDefinition>, context: SourceContext): InlineCall | null {
  const { type, columns, nullsNotDistinct, deferrable, ...rest } = object.definition;
  if (object.comment !== null || Object.keys(rest).length > 0) return null;
  if (type === "unique") {
    if (columns.length > 1) return null;
    const name = hasDerivedName(object, "unique", columns, context) ? null : stringCode(object.path[2] ?? "");
    const options = {
      name,
      nullsNotDistinct: nullsNotDistinct ? "true" : null,
      deferrable: deferrable === undefined ? null : stringCode(deferrable),
    };
    return { columns, method: "unique", argument: () => objectCode(options) };
  }
  if (deferrable !== undefined || !hasDerivedName(object, "pk", columns, context)) return null;
  const table = { id: objectId("table", object.path.slice(0, 2)) };
  const positions = context.children(table, "column").map(({ path }) => path[2]);
  const inOrder = columns.every((column, i) => {
    const before = columns[i - 1];
    return before === undefined || positions.indexOf(before) < positions.indexOf(column);
  });
  return inOrder ? { columns, method: "primaryKey", argument: () => "" } : null;
}

function keyClause(path: readonly string[], definition: KeyDefinition): string {
  const { type, columns, include, nullsNotDistinct, withoutOverlaps, deferrable, storageParameters, tablespace } =
    definition;
  const keys = withoutOverlaps ? `${columnList(columns).slice(0, -1)} WITHOUT OVERLAPS)` : columnList(columns);
  return (
    [
      `CONSTRAINT ${constraintName(path)} ${type.toUpperCase()}`,
      ...(nullsNotDistinct ? ["NULLS NOT DISTINCT"] : []),
      keys,
      ...(include === undefined ? [] : [`INCLUDE ${columnList(include)}`]),
      ...(storageParameters === undefined ? [] : [`WITH (${storageParameterList(storageParameters)})`]),
      ...(tablespace === undefined ? [] : [`USING INDEX TABLESPACE ${quoteIdentifier(tablespace)}`]),
    ].join(" ") + deferrableClause(deferrable)
  );
}
