/** Foreign keys: always added once all tables stand, so that no cycle forms. */

import { type CatalogObject, objectId, sameData } from "../catalog/catalog.js";
import type { ReferentialAction } from "../model/declarations.js";
import { displayName, quotePath } from "../sql/identifier.js";
import {
  addConstraint,
  constraintBase,
  constraintName,
  constraintQuery,
  declaredValidity,
  deferrableClause,
  deferrableCode,
  deferrableField,
  type Validity,
  validateConstraint,
  validityFields,
} from "./constraint.js";
import type { Alteration, Kind } from "./kind.js";
import {
  callCode,
  columnsCode,
  hasDerivedName,
  type InlineCall,
  namedCode,
  objectCode,
  type SourceContext,
  stringCode,
  stringList,
} from "./source.js";
import { alterTable, columnList, columnNames, compact, jsonObject } from "./statements.js";

export interface ForeignKeyDefinition extends Validity {
  readonly columns: readonly string[];
  /** The referenced table's path. */
  readonly table: readonly string[];
  readonly references: readonly string[];
  readonly period?: true;
  readonly match?: "full";
  readonly onUpdate?: ReferentialAction;
  readonly onDelete?: ReferentialAction;
  readonly onDeleteColumns?: readonly string[];
  readonly deferrable?: "immediate" | "deferred";
}

const actionName = (column: string) =>
  `CASE ${column} WHEN 'r' THEN 'restrict' WHEN 'c' THEN 'cascade' WHEN 'n' THEN 'set null' WHEN 'd' THEN 'set default' END`;

export const foreignKeyKind: Kind<ForeignKeyDefinition> = {
  name: "foreign key",
  ...constraintBase,

  query: (server) =>
    constraintQuery(
      "'f'",
      "NULL::text",
      jsonObject({
        columns: columnNames("k.conrelid", "k.conkey"),
        table: "json_build_array(rn.nspname, r.relname)",
        references: columnNames("k.confrelid", "k.confkey"),
        ...(server.version >= 180000 ? { period: "CASE WHEN k.conperiod THEN true END" } : {}),
        match: "CASE k.confmatchtype WHEN 'f' THEN 'full' END",
        onUpdate: actionName("k.confupdtype"),
        onDelete: actionName("k.confdeltype"),
        ...(server.version >= 150000 ? { onDeleteColumns: columnNames("k.conrelid", "k.confdelsetcols") } : {}),
        deferrable: deferrableField,
        ...validityFields(server),
      }),
      "JOIN pg_class r ON r.oid = k.confrelid JOIN pg_namespace rn ON rn.oid = r.relnamespace",
    ),

  *declare({ tables }) {
    for (const { schema, name: table, constraints } of tables)
      for (const constraint of constraints) {
        if (constraint.type !== "foreign key") continue;
        const { references, onUpdate, onDelete } = constraint;
        yield {
          path: [schema, table, constraint.name],
          comment: constraint.comment,
          definition: compact<ForeignKeyDefinition>({
            columns: constraint.columns,
            table: [references.schema, references.table],
            references: references.columns,
            period: constraint.period || null,
            match: constraint.match === "simple" ? null : constraint.match,
            onUpdate: onUpdate === "no action" ? null : onUpdate,
            onDelete: onDelete === "no action" ? null : onDelete,
            onDeleteColumns: constraint.onDeleteColumns,
            deferrable: constraint.deferrable === "no" ? null : constraint.deferrable,
            ...declaredValidity(constraint),
          }),
        };
      }
  },

  create: ({ path, definition }) => [addConstraint(path, foreignKeyClause(path, definition), definition)],
  dropsWith: ({ path, definition: { columns } }) =>
    columns.map((column) => objectId("column", [...path.slice(0, 2), column])),
  alter(from, to): Alteration {
    const { notValid: notValidBefore, deferrable: deferrableBefore, ...before } = from.definition;
    const { notValid: notValidAfter, deferrable: deferrableAfter, ...after } = to.definition;
    if (!sameData(before, after) || (notValidAfter && !notValidBefore)) return { op: "replace" };
    const name = constraintName(to.path);
    return {
      op: "statements",
      statements: [
        ...(deferrableBefore === deferrableAfter
          ? []
          : [
              {
                sql: alterTable(
                  to.path,
                  `ALTER CONSTRAINT ${name}${deferrableClause(deferrableAfter) || " NOT DEFERRABLE"}`,
                ),
              },
            ]),
        ...(notValidBefore === notValidAfter ? [] : [validateConstraint(to.path)]),
      ],
    };
  },

  source(object, context) {
    const { path, definition } = object;
    if (!context.hasModel(definition.table)) {
      context.leaveOut(
        `foreign key ${displayName(path)} references ${displayName(definition.table)}, which has no model: the models leave it out`,
      );
      return null;
    }
    const inline = inlineForeignKey(object, context);
    return { at: "constraints", code: () => foreignKeyCode(object, context), ...(inline === null ? {} : { inline }) };
  },
  needs: ({ definition: { table, references } }) => [
    objectId("table", table),
    ...references.map((column) => objectId("column", [...table, column])),
  ],
};

/** `foreignKey(c.tenantId, c.orderId).references("orders").onDelete("cascade")`. */
function foreignKeyCode(object: CatalogObject<ForeignKeyDefinition>, context: SourceContext): string {
  const { path, definition } = object;
  const { columns, table, references, period, match, onUpdate, onDelete, onDeleteColumns } = definition;
  const { deferrable, notValid, notEnforced } = definition;
  const name = context.reference(path.slice(0, 2), table);
  const target = name === null ? `() => ${context.model(table)}` : stringCode(name);
  return [
    callCode(context.use("foreignKey"), columnsCode(path.slice(0, 2), columns, context)),
    `.${callCode("references", target, isPrimaryKey(table, references, context) ? "" : stringList(references))}`,
    namedCode(object, "fk", columns, context),
    ...(period ? [".period()"] : []),
    ...(match === undefined ? [] : [".matchFull()"]),
    ...(onUpdate === undefined ? [] : [`.onUpdate(${stringCode(onUpdate)})`]),
    ...(onDelete === undefined
      ? []
      : [
          `.${callCode("onDelete", stringCode(onDelete), onDeleteColumns === undefined ? "" : stringList(onDeleteColumns))}`,
        ]),
    ...(deferrable === undefined ? [] : [deferrableCode(deferrable)]),
    ...(notValid ? [".notValid()"] : []),
    ...(notEnforced ? [".notEnforced()"] : []),
  ].join("");
}

/** `.references("users.id", { onDelete: "cascade" })` on the column. */
function inlineForeignKey(object: CatalogObject<ForeignKeyDefinition>, context: SourceContext): InlineCall | null {
  const { path, comment, definition } = object;
  const { columns, table, references, match, onUpdate, onDelete, onDeleteColumns } = definition;
  const [target = "", second] = references;
  if (second !== undefined || definition.period) return null;
  const optional = (value: string | undefined) => (value === undefined ? null : stringCode(value));
  return {
    columns,
    method: "references",
    argument() {
      const name = context.reference(path.slice(0, 2), table, target);
      const late = () => `() => ${context.model(table)}.c.${context.property(table, target)}`;
      const options = objectCode({
        onDelete: optional(onDelete),
        onDeleteColumns: onDeleteColumns === undefined ? null : stringList(onDeleteColumns),
        onUpdate: optional(onUpdate),
        match: optional(match),
        deferrable: optional(definition.deferrable),
        notValid: definition.notValid ? "true" : null,
        notEnforced: definition.notEnforced ? "true" : null,
        name: hasDerivedName(object, "fk", columns, context) ? null : stringCode(path[2] ?? ""),
        comment: comment === null ? null : stringCode(comment),
      });
      return [name === null ? late() : stringCode(name), ...(options === "" ? [] : [options])].join(", ");
    },
  };
}

/** Whether these are the columns that a reference to the table alone means. */
function isPrimaryKey(table: readonly string[], columns: readonly string[], context: SourceContext): boolean {
  return context
    .children({ id: objectId("table", table) }, "key")
    .some(({ definition }) => sameData(pick(definition), { type: "primary key", columns }));
}

function pick(key: unknown): unknown {
  const { type, columns } = key as { readonly type: string; readonly columns: readonly string[] };
  return { type, columns };
}

function foreignKeyClause(path: readonly string[], definition: ForeignKeyDefinition): string {
  const { columns, table, references, period, match, onUpdate, onDelete, onDeleteColumns } = definition;
  return (
    [
      `CONSTRAINT ${constraintName(path)} FOREIGN KEY ${keyList(columns, period)}`,
      `REFERENCES ${quotePath(table)} ${keyList(references, period)}`,
      ...(match === undefined ? [] : ["MATCH FULL"]),
      ...(onUpdate === undefined ? [] : [`ON UPDATE ${onUpdate.toUpperCase()}`]),
      ...(onDelete === undefined ? [] : [`ON DELETE ${onDelete.toUpperCase()}`]),
      ...(onDeleteColumns === undefined ? [] : [columnList(onDeleteColumns)]),
    ].join(" ") +
    deferrableClause(definition.deferrable) +
    (definition.notEnforced ? " NOT ENFORCED" : "") +
    (definition.notValid ? " NOT VALID" : "")
  );
}

/** `("a", PERIOD "b")` where the last column is a period. */
function keyList(columns: readonly string[], period: true | undefined): string {
  if (!period) return columnList(columns);
  const plain = columns.slice(0, -1);
  return `(${[...plain.map((column) => quotePath([column])), `PERIOD ${quotePath(columns.slice(-1))}`].join(", ")})`;
}
