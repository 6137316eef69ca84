/** Exclusion constraints. */

import type { CatalogObject } from "../catalog/catalog.js";
import { displayName, quoteIdentifier } from "../sql/identifier.js";
import { constraintName, deferrableClause, deferrableCode } from "./constraint.js";
import {
  elementCode,
  elementDefinition,
  elementNames,
  elementSql,
  type IndexBody,
  type IndexElementDefinition,
  indexBodyFields,
} from "./index-element.js";
import { indexSettingsCode } from "./index-settings.js";
import {
  declaredIndexed,
  type IndexedConstraintDefinition,
  indexedConstraintBase,
  indexedConstraintQuery,
} from "./indexed-constraint.js";
import type { Kind } from "./kind.js";
import { callCode, columnsCode, namedCode, type SourceContext, sqlCode, stringCode } from "./source.js";
import { columnList, compact, storageParameterList } from "./statements.js";

export interface ExclusionElementDefinition extends IndexElementDefinition {
  /** As SQL, such as `&&` or `OPERATOR(app.=)`. */
  readonly operator: string;
}

export interface ExclusionDefinition extends IndexBody, IndexedConstraintDefinition {
  readonly elements: readonly ExclusionElementDefinition[];
}

export const exclusionKind: Kind<ExclusionDefinition> = {
  name: "exclusion",
  ...indexedConstraintBase(exclusionClause),

  seenIn: "pg_constraint WHERE contype = 'x'",
  query: () =>
    indexedConstraintQuery("'x'", {
      ...indexBodyFields({
        operator: `(SELECT CASE WHEN opn.nspname = 'pg_catalog' THEN op.oprname::text ELSE 'OPERATOR(' || quote_ident(opn.nspname) || '.' || op.oprname || ')' END
            FROM pg_operator op JOIN pg_namespace opn ON opn.oid = op.oprnamespace WHERE op.oid = k.conexclop[e.n])`,
      }),
    }),

  *declare({ tables }) {
    for (const { schema, name: table, constraints } of tables)
      for (const constraint of constraints)
        if (constraint.type === "exclusion")
          yield {
            path: [schema, table, constraint.name],
            comment: constraint.comment,
            definition: compact<ExclusionDefinition>({
              method: constraint.method,
              elements: constraint.elements.map((element) => ({
                ...elementDefinition(element),
                operator: element.operator,
              })),
              where: constraint.where,
              ...declaredIndexed(constraint),
            }),
          };
  },

  source: (object, context) => ({ at: "constraints", code: () => exclusionCode(object, context) }),
  describe: (_object, path) => `exclusion constraint ${displayName(path)}`,
};

/** `exclude([c.room, "="], [c.during, "&&"])`. */
function exclusionCode(object: CatalogObject<ExclusionDefinition>, context: SourceContext): string {
  const { method, elements, include, where, deferrable } = object.definition;
  const table = object.path.slice(0, 2);
  const pairs = elements.map((element) => `[${elementCode(table, element, context)}, ${stringCode(element.operator)}]`);
  return [
    callCode(context.use("exclude"), ...pairs),
    namedCode(object, "exclude", elementNames(object.definition), context),
    ...(method === "gist" ? [] : [`.using(${stringCode(method)})`]),
    ...(include === undefined ? [] : [`.include(${columnsCode(table, include, context)})`]),
    ...(where === undefined ? [] : [`.where(${sqlCode(where, context)})`]),
    indexSettingsCode(object.definition),
    ...(deferrable === undefined ? [] : [deferrableCode(deferrable)]),
  ].join("");
}

function exclusionClause(path: readonly string[], definition: ExclusionDefinition): string {
  const { method, elements, include, where, storageParameters, tablespace, deferrable } = definition;
  return (
    [
      `CONSTRAINT ${constraintName(path)} EXCLUDE USING ${quoteIdentifier(method)}`,
      `(${elements.map((element) => `${elementSql(element)} WITH ${element.operator}`).join(", ")})`,
      ...(include === undefined ? [] : [`INCLUDE ${columnList(include)}`]),
      ...(storageParameters === undefined ? [] : [`WITH (${storageParameterList(storageParameters)})`]),
      ...(tablespace === undefined ? [] : [`USING INDEX TABLESPACE ${quoteIdentifier(tablespace)}`]),
      ...(where === undefined ? [] : [`WHERE (${where})`]),
    ].join(" ") + deferrableClause(deferrable)
  );
}
