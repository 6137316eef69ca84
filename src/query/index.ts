export { type Alias, alias } from "./alias.js";
export { type CompiledStatement, compile } from "./compile.js";
export type { ColumnPlan, EntityPlan, ValuePlan } from "./element.js";
export type { Row, Selected } from "./rows.js";
export { Select, select } from "./select.js";
export type { Statement } from "./statement.js";
