/** Views: models whose rows a query gives. */

import { isSqlFragment, type SqlFragment } from "../sql/fragment.js";
import type { StorageParameters } from "./constraints.js";
import type { PlainModelOptions, ViewSpec } from "./definition.js";
import type { Index } from "./index-builder.js";
import type { ColumnExpressions, RuleCallback, TriggerCallback } from "./model-types.js";
import type { Rights, TablePrivilege } from "./rights.js";
import type { Statistics } from "./statistics.js";

export interface ViewOptions<C> extends Rights<TablePrivilege, keyof C & string> {
  /** The query: ``sql`SELECT …` ``, `select(…)`, `sqlFile(…)`; in a function where it speaks of models that come later. */
  readonly as: SqlFragment | (() => SqlFragment);
  /** Left out: derived from the class name, as a table's is. */
  readonly name?: string;
  /** Left out: the Base's, or the default schema. */
  readonly schema?: string;
  readonly comment?: string;
  /** The name that it had before. */
  readonly renamedFrom?: string;
  readonly securityBarrier?: boolean;
  /** Its query runs with the rights of who asks. PostgreSQL 15. */
  readonly securityInvoker?: boolean;
  readonly checkOption?: "local" | "cascaded";
  /** Triggers: those with `insteadOf` make it one that can be written. */
  readonly triggers?: TriggerCallback<C>;
  readonly rules?: RuleCallback<C>;
  /** `CREATE MATERIALIZED VIEW`: its rows are kept, until `refresh()`. What follows is only for one. */
  readonly materialized?: boolean;
  readonly indexes?: (c: ColumnExpressions<C>) => readonly Index[];
  readonly statistics?: (c: ColumnExpressions<C>) => readonly Statistics[];
  /** Storage parameters: `{ fillfactor: 70 }`. */
  readonly with?: StorageParameters;
  readonly tablespace?: string;
  readonly accessMethod?: string;
  /** False: it is created WITH NO DATA, and empty until it is refreshed. */
  readonly withData?: boolean;
}

/** What a view shares with tables, as a model's options. */
export function modelOptionsOf<C>(options: ViewOptions<C>): PlainModelOptions {
  const { name, schema, comment, renamedFrom, indexes, with: parameters, tablespace, accessMethod } = options;
  const { triggers, rules, statistics, owner, grants, securityLabels } = options;
  return {
    ...(name === undefined ? {} : { tablename: name }),
    ...(schema === undefined ? {} : { schema }),
    ...(comment === undefined ? {} : { comment }),
    ...(renamedFrom === undefined ? {} : { renamedFrom }),
    // The columns that these are called with are those of C.
    ...(indexes === undefined ? {} : { constraints: (c) => indexes(c as unknown as ColumnExpressions<C>) }),
    ...(triggers === undefined ? {} : { triggers: triggers as unknown as NonNullable<PlainModelOptions["triggers"]> }),
    ...(rules === undefined ? {} : { rules: rules as unknown as NonNullable<PlainModelOptions["rules"]> }),
    ...(statistics === undefined ? {} : { statistics: (c) => statistics(c as unknown as ColumnExpressions<C>) }),
    ...(owner === undefined ? {} : { owner }),
    ...(grants === undefined ? {} : { grants }),
    ...(securityLabels === undefined ? {} : { securityLabels }),
    ...(parameters === undefined ? {} : { with: parameters }),
    ...(tablespace === undefined ? {} : { tablespace }),
    ...(accessMethod === undefined ? {} : { accessMethod }),
  };
}

export function viewSpecOf<C>(options: ViewOptions<C>): ViewSpec {
  const { as, materialized = false, withData = true, securityBarrier, securityInvoker, checkOption } = options;
  return {
    as,
    materialized,
    withData,
    said: options,
    options: {
      ...(securityBarrier === undefined ? {} : { security_barrier: String(securityBarrier) }),
      ...(securityInvoker === undefined ? {} : { security_invoker: String(securityInvoker) }),
      ...(checkOption === undefined ? {} : { check_option: checkOption }),
    },
  };
}

/** The query, now that the models it speaks of are there. */
export function queryOf({ as }: ViewSpec): SqlFragment {
  return isSqlFragment(as) ? as : as();
}
