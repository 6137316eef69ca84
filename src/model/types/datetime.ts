/**
 * Dates and times. Points in time are a `Date`; what is none (a day, a time of day, a span) is the text that PostgreSQL
 * prints, since a `Date` would shift it with the time zone and round it to milliseconds.
 */

import { type ColumnDef, columnOf } from "../column.js";
import { builtin, withModifiers } from "../sql-type.js";

/**
 * - `date`, the default: a `Date`. What of it is finer than a millisecond comes along unseen (`microsecondsOf`), and is
 *   written back with it. What no Date holds (`infinity`, years beyond 275760) is an error when it is read.
 * - `string`: the text that PostgreSQL prints, whatever it is.
 */
export type TimestampMode = "date" | "string";

export interface TimestampOptions {
  /** Digits of the seconds' fraction, 0 to 6. */
  readonly precision?: number;
  readonly withTimezone?: boolean;
}

/**
 * `timestamp` WITHOUT time zone, or with `{ withTimezone: true }` with it; `{ precision: 3 }` → `timestamp(3)`.
 * Without a zone, the value is the `Date` whose UTC clock shows it; with `{ mode: "string" }`, PostgreSQL's text.
 */
export function timestamp(options: TimestampOptions & { readonly mode: "string" }): ColumnDef<string>;
export function timestamp(options?: TimestampOptions & { readonly mode?: "date" }): ColumnDef<Date>;
export function timestamp(options: TimestampOptions & { readonly mode?: TimestampMode } = {}): ColumnDef<unknown> {
  const zone = options.withTimezone ? "with time zone" : "without time zone";
  const value = options.mode ?? "date";
  return columnOf(builtin(`${withModifiers("timestamp", options.precision)} ${zone}`, value, "timestamp"));
}

/** `timestamptz`, `timestamptz(3)`: a point in time; as text with `timestamptz({ precision: 3, mode: "string" })`. */
export function timestamptz(options: { readonly precision?: number; readonly mode: "string" }): ColumnDef<string>;
export function timestamptz(precision?: number): ColumnDef<Date>;
export function timestamptz(
  options?: number | { readonly precision?: number; readonly mode: "string" },
): ColumnDef<unknown> {
  if (typeof options === "object") return timestamp({ ...options, withTimezone: true });
  return timestamp({ withTimezone: true, ...(options === undefined ? {} : { precision: options }) });
}

/** `date`: a string such as `2026-11-22`. */
export function date(): ColumnDef<string> {
  return columnOf(builtin("date", "string", "timestamp"));
}

/** `time`, `time(3)`: a string such as `13:45:00`. */
export function time(precision?: number): ColumnDef<string> {
  return columnOf(builtin(`${withModifiers("time", precision)} without time zone`, "string", "time"));
}

/** `timetz`, `timetz(3)`: a string such as `13:45:00+01`. */
export function timetz(precision?: number): ColumnDef<string> {
  return columnOf(builtin(`${withModifiers("time", precision)} with time zone`, "string", "timetz"));
}

/** Which units an interval keeps. */
export type IntervalFields =
  | "year"
  | "month"
  | "day"
  | "hour"
  | "minute"
  | "second"
  | "year to month"
  | "day to hour"
  | "day to minute"
  | "day to second"
  | "hour to minute"
  | "hour to second"
  | "minute to second";

export interface IntervalOptions {
  readonly fields?: IntervalFields;
  /** Digits of the seconds' fraction, 0 to 6. */
  readonly precision?: number;
}

/** `interval`; `{ fields: "day to second", precision: 3 }` → `interval day to second(3)`. A string: `1 day 02:00:00`. */
export function interval(options: IntervalOptions = {}): ColumnDef<string> {
  const name = options.fields === undefined ? "interval" : `interval ${options.fields}`;
  return columnOf(builtin(withModifiers(name, options.precision), "string", "interval"));
}
