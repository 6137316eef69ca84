import { type ColumnDef, columnOf } from "../column.js";

/**
 * `array(text())` → `text[]`, `array(integer(), 2)` → `integer[][]`. An element that may be NULL: `array(text().nullable())`.
 *
 * PostgreSQL keeps the number of dimensions for show only; it takes any.
 */
export function array<T>(of: ColumnDef<T, boolean>, dimensions?: 1): ColumnDef<T[]>;
export function array<T>(of: ColumnDef<T, boolean>, dimensions: 2): ColumnDef<T[][]>;
export function array<T>(of: ColumnDef<T, boolean>, dimensions: 3): ColumnDef<T[][][]>;
export function array(of: ColumnDef<unknown, boolean>, dimensions = 1): ColumnDef<unknown[]> {
  const element = of.spec.type;
  return columnOf({
    sql: (defaultSchema) => element.sql(defaultSchema) + "[]".repeat(dimensions),
    value: "array",
    codec: null,
    transform: null,
    family: element.family === null ? null : `${element.family}[]`,
    of: element,
    attributes: null,
    uses: element.uses,
    serial: false,
  });
}
