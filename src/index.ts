export { type Sql, sql } from "./sql/sql.js";
