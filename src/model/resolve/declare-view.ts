/** A view, as a declaration. */

import type { ViewDeclaration } from "../declarations.js";
import type { ViewSpec } from "../definition.js";
import { queryOf } from "../view.js";
import { type Attached, declareAttached } from "./attached.js";
import { declareIndex, type TableContext, text } from "./declare-constraint.js";
import { declareColumn } from "./declare-table.js";

export function declareView(context: TableContext, spec: ViewSpec, attached: Attached): ViewDeclaration {
  const { table, problems } = context;
  const { options } = table.definition;
  const indexes = table.constraints.flatMap((constraint) =>
    constraint.spec.kind === "index" ? [declareIndex(constraint.spec, constraint.origin, context)] : [],
  );
  if (indexes.length > 0 && !spec.materialized)
    problems.add(
      "model.view_index",
      `${table.label} is a view and has indexes; make it materialized: true, or remove them.`,
    );
  const { triggers, rules, statistics } = declareAttached(attached, context);
  if (triggers.length + rules.length > 0 && spec.materialized)
    problems.add(
      "model.view_triggers",
      `${table.label} is a materialized view and has triggers or rules, which PostgreSQL gives views only; remove them.`,
    );
  if (statistics.length > 0 && !spec.materialized)
    problems.add(
      "model.view_index",
      `${table.label} is a view and has statistics; make it materialized: true, or remove them.`,
    );
  const query = problems.attempt("model.sql", `The query of ${table.label}`, () => queryOf(spec));
  return {
    origin: table.label,
    schema: table.schema,
    name: table.name,
    comment: options.comment ?? null,
    renamedFrom: options.renamedFrom ?? null,
    materialized: spec.materialized,
    query: query === null ? "" : problems.sql(query, `The query of ${table.label}`).trim().replace(/\s*;$/, ""),
    columns: table.columns.map((column) => {
      const {
        origin,
        name,
        type,
        default: value,
        storage,
        compression,
        statistics,
        options,
        comment,
      } = declareColumn(column, context, []);
      return { origin, name, type, default: value, storage, compression, statistics, options, comment };
    }),
    options: spec.options,
    triggers,
    rules,
    statistics,
    indexes,
    storageParameters: text(options.with ?? {}),
    tablespace: options.tablespace ?? null,
    accessMethod: options.accessMethod ?? null,
    withData: spec.withData,
  };
}
