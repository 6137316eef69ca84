/** Points in time: PostgreSQL's ISO text and JavaScript's `Date`. */

import { AthanorError } from "../../errors.js";
import { microsecondsOf, withMicroseconds } from "./microseconds.js";

/** What a timestamp reads as: `infinity` and `-infinity` have no Date, so they are the numbers of that name. */
export type Timestamp = Date | number;

/**
 * `2026-11-22 10:15:00.123456+00` → Date. A text without an offset is read as UTC, so that a written Date comes back
 * equal, as does the text that it was written as. What is finer than a millisecond comes along unseen: see microseconds.ts.
 *
 * @throws AthanorError `value.invalid` for a text in another DateStyle, or a year that no Date reaches (275760).
 */
export function parseTimestamp(text: string): Timestamp {
  const fast = parseCommon(text);
  if (fast !== undefined) return fast;
  if (text === "infinity") return Number.POSITIVE_INFINITY;
  if (text === "-infinity") return Number.NEGATIVE_INFINITY;
  return parseRare(text);
}

/** The shape of nearly every timestamp, read by position: a regular expression costs four times as much. */
function parseCommon(text: string): Date | undefined {
  if (text.charCodeAt(4) !== 45 || text.charCodeAt(10) !== 32 || text.endsWith("C")) return undefined;
  const end = offsetStart(text);
  const zone = end === text.length ? 0 : hourOffset(text, end);
  if (zone === undefined) return undefined;
  const milliseconds = Date.UTC(
    digits(text, 0, 4),
    digits(text, 5, 7) - 1,
    digits(text, 8, 10),
    digits(text, 11, 13),
    digits(text, 14, 16),
    digits(text, 17, 19),
    end > 20 ? thousandths(text, 20, end) : 0,
  );
  // Date.UTC takes the years 0 to 99 for 1900 to 1999; those go the slow way.
  if (text.charCodeAt(0) === 48 && text.charCodeAt(1) === 48) return undefined;
  const date = new Date(milliseconds - zone);
  return end > 23 ? withMicroseconds(date, thousandths(text, 23, end)) : date;
}

function offsetStart(text: string): number {
  for (let i = 19; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 43 || code === 45) return i;
  }
  return text.length;
}

/** `+02` → its milliseconds; offsets with minutes go the slow way. */
function hourOffset(text: string, start: number): number | undefined {
  if (text.length - start !== 3) return undefined;
  const hours = digits(text, start + 1, start + 3);
  return (text.charCodeAt(start) === 45 ? -hours : hours) * 3_600_000;
}

/** Three digits from `start` on as a number; those from `end` on are 0. */
function thousandths(text: string, start: number, end: number): number {
  let out = 0;
  for (let i = start; i < start + 3; i++) out = out * 10 + (i < end ? text.charCodeAt(i) - 48 : 0);
  return out;
}

function digits(text: string, from: number, to: number): number {
  let out = 0;
  for (let i = from; i < to; i++) out = out * 10 + text.charCodeAt(i) - 48;
  return out;
}

const shape =
  /^(\d{4,})-(\d\d)-(\d\d)(?:[ T](\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?)?(?:Z|([+-])(\d\d)(?::(\d\d))?(?::(\d\d))?)?( BC)?$/;

function parseRare(text: string): Date {
  const match = shape.exec(text);
  if (match === null) throw invalid(text, "Leave DateStyle at ISO");
  const part = (i: number) => Number(match[i] ?? 0);
  const date = new Date(0);
  // There is no year 0 in PostgreSQL: 1 BC is JavaScript's year 0.
  date.setUTCFullYear(match[12] === undefined ? part(1) : 1 - part(1), part(2) - 1, part(3));
  const fraction = (match[7] ?? "").padEnd(6, "0");
  date.setUTCHours(part(4), part(5), part(6), Number(fraction.slice(0, 3)));
  const offset = (part(9) * 3600 + part(10) * 60 + part(11)) * 1000;
  const result = new Date(date.getTime() - (match[8] === "-" ? -offset : offset));
  if (Number.isNaN(result.getTime())) throw invalid(text, "A Date ends at the year 275760; select it as text");
  return withMicroseconds(result, Number(fraction.slice(3)));
}

function invalid(text: string, advice: string): AthanorError {
  return new AthanorError("value.invalid", `The timestamp ${JSON.stringify(text)} can't be read. ${advice}.`);
}

/**
 * Date → `2026-11-22T10:15:00.123Z`, which PostgreSQL takes for timestamptz, and for timestamp (it drops the offset)
 * and date; in years that ISO writes in another way `12026-11-22 10:15:00.123+00`. The microseconds that it was read with are written, too.
 *
 * @throws AthanorError `value.invalid` for an invalid Date.
 */
export function formatTimestamp(date: Date): string {
  const time = date.getTime();
  if (Number.isNaN(time))
    throw new AthanorError("value.invalid", "An invalid Date can't be stored; check where it was made.");
  const microseconds = microsecondsOf(date);
  if (microseconds === 0 && time >= firstShort && time < firstLong) return shortIso(time);
  const year = date.getUTCFullYear();
  const rest = date.toISOString().slice(-20, -1).replace("T", " ");
  const finer = microseconds === 0 ? "" : String(microseconds).padStart(3, "0");
  return `${String(year > 0 ? year : 1 - year).padStart(4, "0")}${rest}${finer}+00${year > 0 ? "" : " BC"}`;
}

/** The years 1 to 9999: from the first of these on, to before the second. */
const firstShort = Date.parse("0001-01-01T00:00:00Z");
const firstLong = Date.parse("+010000-01-01T00:00:00Z");

const day = 86_400_000;
const twoDigits = Array.from({ length: 100 }, (_, i) => String(i).padStart(2, "0"));
const threeDigits = Array.from({ length: 1_000 }, (_, i) => String(i).padStart(3, "0"));

/** As `toISOString`, which takes five times as long: rows of thousands have a time each. */
function shortIso(time: number): string {
  const days = Math.floor(time / day);
  const inDay = time - days * day;
  const clock = `${pair(inDay / 3_600_000)}:${pair((inDay / 60_000) % 60)}:${pair((inDay / 1_000) % 60)}`;
  return `${dateOf(days)}T${clock}.${threeDigits[inDay % 1_000]}Z`;
}

function pair(number: number): string {
  return twoDigits[Math.floor(number)]!;
}

/**
 * The Gregorian date of a day, counted from 1970. Years are counted from March on, so that the day that comes and goes is
 * the last of one: 400 of them are 146,097 days, four are 1,461, and five months from March on 153.
 */
function dateOf(days: number): string {
  // From 1 March of the year 0.
  const since = days + 719_468;
  const era = Math.floor(since / 146_097);
  const inEra = since - era * 146_097;
  const years = Math.floor(
    (inEra - Math.floor(inEra / 1_460) + Math.floor(inEra / 36_524) - Math.floor(inEra / 146_096)) / 365,
  );
  const inYear = inEra - (365 * years + Math.floor(years / 4) - Math.floor(years / 100));
  const fromMarch = Math.floor((5 * inYear + 2) / 153);
  const month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9;
  const year = era * 400 + years + (month < 3 ? 1 : 0);
  const dayOfMonth = inYear - Math.floor((153 * fromMarch + 2) / 5) + 1;
  return `${pair(year / 100)}${twoDigits[year % 100]}-${twoDigits[month]}-${twoDigits[dayOfMonth]}`;
}
