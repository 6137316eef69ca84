/** Views. */

import type { CatalogObject } from "../catalog/catalog.js";
import { quotePath } from "../sql/identifier.js";
import type { Alteration, Kind, Statement } from "./kind.js";
import {
  beginsWith,
  columnChanges,
  columnCodes,
  declaredQuery,
  managedRelations,
  type QueryDefinition,
  queryBase,
  queryCodes,
  queryFields,
  relationQuery,
} from "./relation-query.js";
import { fieldCodes, stringCode } from "./source.js";
import { compact, optionsObject, parameterChanges, storageParameterList } from "./statements.js";

export interface ViewDefinition extends QueryDefinition {
  /** By PostgreSQL's names: `{ security_barrier: "true", check_option: "local" }`. */
  readonly options?: Readonly<Record<string, string>>;
}

export const viewKind: Kind<ViewDefinition> = {
  ...queryBase("VIEW"),
  ctes: { managed_view: managedRelations("v") },

  seenIn: "pg_class WHERE relkind = 'v' AND oid >= 16384",
  query: () =>
    relationQuery("managed_view", {
      ...queryFields,
      options: `CASE WHEN c.reloptions IS NOT NULL THEN ${optionsObject("c.reloptions")} END`,
    }),

  *declare({ views }) {
    for (const view of views)
      if (!view.materialized)
        yield {
          path: [view.schema, view.name],
          comment: view.comment,
          definition: {
            ...declaredQuery(view),
            ...compact<{ options?: typeof view.options }>({ options: view.options }),
          },
        };
  },

  create: (object) => [
    createStatement("CREATE", object),
    ...columnChanges("VIEW", object.path, [], object.definition.columns),
  ],
  drop: ({ path }) => [{ sql: `DROP VIEW ${quotePath(path)}` }],

  /** CREATE OR REPLACE keeps the columns that there are, and takes more at the end. */
  alter(from, to): Alteration {
    const [before, after] = [from.definition, to.definition];
    if (!beginsWith(after.columns, before.columns)) return { op: "replace" };
    const isSame = before.query === after.query && before.columns.length === after.columns.length;
    const options = parameterChanges(before.options, after.options);
    return {
      op: "statements",
      statements: [
        ...(isSame
          ? options.map((change) => ({ sql: `ALTER VIEW ${quotePath(to.path)} ${change}` }))
          : [createStatement("CREATE OR REPLACE", to)]),
        ...columnChanges("VIEW", to.path, before.columns, after.columns),
      ],
    };
  },

  source: (object, context) => ({
    at: "view",
    columns: columnCodes(object, context),
    options: () => fieldCodes({ ...queryCodes(object, context), ...optionCodes(object.definition.options) }),
  }),
};

function createStatement(verb: string, { path, definition }: CatalogObject<ViewDefinition>): Statement {
  const { options, query } = definition;
  const list = options === undefined ? "" : ` WITH (${storageParameterList(options)})`;
  return { sql: `${verb} VIEW ${quotePath(path)}${list} AS\n${query}` };
}

/** `securityBarrier: true`, as models spell the options. */
function optionCodes(options: Readonly<Record<string, string>> = {}): Readonly<Record<string, string | null>> {
  const isOn = (value: string | undefined) => (value === undefined ? null : String(value === "true" || value === "on"));
  return {
    securityBarrier: isOn(options.security_barrier),
    securityInvoker: isOn(options.security_invoker),
    checkOption: options.check_option === undefined ? null : stringCode(options.check_option),
  };
}
