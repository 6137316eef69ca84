export { Relationship } from "../model/relationship.js";
export { QueryError } from "../sql/errors.js";
export { and, Labeled, not, or } from "../sql/expression.js";
export { type Alias, alias } from "./alias.js";
export type { Assignments, InsertRow } from "./assign.js";
export type { Call } from "./call.js";
export { newRow, oldRow, type RowColumns } from "./change.js";
export { type CompiledStatement, compile } from "./compile.js";
export type { ColumnPlan, EntityPlan, ValuePlan } from "./element.js";
export { func } from "./functions.js";
export { cube, groupingSets, rollup } from "./grouping.js";
export { type Hybrid, hybrid } from "./hybrid.js";
export { type ConflictTarget, type ConflictUpdate, excluded, Insert, insert } from "./insert.js";
export {
  containsEager,
  defer,
  type JoinedLoadOptions,
  joinedload,
  LoaderOption,
  lazyload,
  loadOnly,
  raiseload,
  selectinload,
  selectinPolymorphic,
  withCriteria,
  withPolymorphic,
} from "./loader.js";
export type { LockOptions } from "./lock.js";
export { Compound, Query } from "./query.js";
export { type RefreshOptions, refresh } from "./refresh.js";
export { Delete, remove } from "./remove.js";
export type { Row, Selected } from "./rows.js";
export { exists, Select, select } from "./select.js";
export { showSql } from "./show.js";
export type { Statement } from "./statement.js";
export type { CteOptions, Subquery } from "./subquery.js";
export { rowsOf, type TableFunction } from "./table-function.js";
export { Update, update } from "./update.js";
export { all_, any_, case_, cast, collate, expression, literal, Tuple, tuple } from "./values.js";
export type { Frame, FrameBound, WindowSpec } from "./window.js";
