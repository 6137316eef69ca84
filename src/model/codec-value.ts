/** Codecs of single values. Each refuses, before anything is sent, what PostgreSQL would refuse or store as something else. */

import { wholeNumber } from "../engine/data-row.js";
import { DataError } from "../engine/errors.js";
import { parseBytea, viewAsBuffer } from "../engine/types/bytes.js";
import { microsecondsOf, withMicroseconds } from "../engine/types/microseconds.js";
import { textProblem } from "../engine/types/text.js";
import { formatTimestamp, parseTimestamp } from "../engine/types/time.js";
import { AthanorError } from "../errors.js";
import type { Codec, Transform } from "./sql-type.js";

export type ParseBytes = (bytes: Uint8Array, start: number, end: number) => unknown;

/** As `ColumnCodec`, for values that are there: neither null nor undefined. */
export interface ValueCodec {
  parse(text: string): unknown;
  readonly parseBytes?: ParseBytes;
  /** Text, or bytes in binary form (bytea only). */
  write(value: unknown): string | Buffer;
  equals(a: unknown, b: unknown): boolean;
  copy(value: unknown): unknown;
}

/** @param why a sentence's end on what is wrong; without the value, which may be secret. */
export function unstorable(where: string, why: string, cause?: unknown): DataError {
  return new DataError("value.unstorable", `${where} can't be stored: it ${why}.`, {}, cause);
}

export function unreadable(where: string, why: string, cause?: unknown): AthanorError {
  return new AthanorError("value.invalid", `${where} can't be read: it ${why}.`, cause === undefined ? {} : { cause });
}

/** A user's function, whose errors are told with the column. */
function told<From, To>(
  convert: (value: From) => To,
  where: string,
  failed: (where: string, why: string, cause: unknown) => Error,
): (value: From) => To {
  return (value) => {
    try {
      return convert(value);
    } catch (cause) {
      throw failed(where, `fails in the function that converts it (${String(cause)})`, cause);
    }
  };
}

/** `a string`, `an array`, `a Date`: what a value is, for messages. */
export function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value !== "object") return `a ${typeof value}`;
  return Array.isArray(value) ? "an array" : `a ${value.constructor?.name ?? "object"}`;
}

/** Values that can't be changed in place. */
const immutable = {
  equals: (a: unknown, b: unknown) => a === b,
  copy: (value: unknown) => value,
};

/** @param numeric takes numbers as well, of which every digit is kept: a foreign key may refer to an integer. */
export function stringCodec(where: string, numeric: boolean): ValueCodec {
  return {
    ...immutable,
    parse: (text) => text,
    write(value) {
      if (numeric && (typeof value === "number" || typeof value === "bigint")) return String(value);
      if (typeof value !== "string") throw unstorable(where, `is ${describe(value)} and its type takes a string`);
      const problem = textProblem(value);
      if (problem !== undefined) throw unstorable(where, problem);
      return value;
    },
  };
}

const integerLimits: Readonly<Record<string, readonly [lowest: bigint, highest: bigint]>> = {
  smallint: [-(2n ** 15n), 2n ** 15n - 1n],
  integer: [-(2n ** 31n), 2n ** 31n - 1n],
  bigint: [-(2n ** 63n), 2n ** 63n - 1n],
  oid: [0n, 2n ** 32n - 1n],
};

/** Numbers and bigints are equal where they are the same number: a key of one type may refer to one of the other. */
function sameNumber(a: unknown, b: unknown): boolean {
  if (typeof a === typeof b) return Object.is(a, b);
  const [number, big] = typeof a === "number" ? [a, b] : [b, a];
  return typeof big === "bigint" && Number.isInteger(number) && BigInt(number as number) === big; // an integer is one
}

function integerWriter(type: string, where: string): ValueCodec["write"] {
  const [lowest, highest] = integerLimits[type]!;
  const least = Number(lowest);
  const most = Number(highest);
  return (value) => {
    // Nearly all are such numbers, and to compare one with a bigint is slow.
    if (Number.isSafeInteger(value) && least <= Number(value) && Number(value) <= most) return String(value);
    return writeWide(value, lowest, highest, type, where);
  };
}

function writeWide(value: unknown, lowest: bigint, highest: bigint, type: string, where: string): string {
  if (typeof value !== "bigint" && typeof value !== "number")
    throw unstorable(where, `is ${describe(value)} and its type takes a number`);
  if (typeof value === "number" && !Number.isInteger(value))
    throw unstorable(where, `is no whole number, and its type is ${type}`);
  if (value < lowest || value > highest) throw unstorable(where, `is outside of ${type}, ${lowest} to ${highest}`);
  return typeof value === "number" ? BigInt(value).toString() : String(value);
}

export function bigintCodec(where: string): ValueCodec {
  return {
    parse: BigInt,
    write: integerWriter("bigint", where),
    equals: sameNumber,
    copy: immutable.copy,
  };
}

/** @param type its SQL: `integer`, `real`, … */
export function numberCodec(type: string, where: string): ValueCodec {
  const isWhole = type in integerLimits;
  const write = isWhole ? integerWriter(type, where) : (value: unknown) => writeFloat(value, type, where);
  return {
    parse: Number,
    ...(isWhole && type !== "bigint" ? { parseBytes: wholeNumber } : {}),
    write,
    // A real keeps some seven digits: what it is given and what is read back of it are the same number to it.
    equals: type === "real" ? (a, b) => sameNumber(toReal(a), toReal(b)) : sameNumber,
    copy: immutable.copy,
  };
}

function toReal(value: unknown): unknown {
  return typeof value === "number" ? Math.fround(value) : value;
}

function writeFloat(value: unknown, type: string, where: string): string {
  if (typeof value !== "number" && typeof value !== "bigint")
    throw unstorable(where, `is ${describe(value)} and its type takes a number`);
  const number = Number(value);
  if (type === "real" && Number.isFinite(number) && !Number.isFinite(Math.fround(number)))
    throw unstorable(where, "is outside of real, which reaches to 3.4e38");
  return Object.is(number, -0) ? "-0" : String(number);
}

export function booleanCodec(where: string): ValueCodec {
  return {
    ...immutable,
    parse: (text) => text === "t",
    parseBytes: (bytes, start) => bytes[start] === 116,
    write(value) {
      if (typeof value !== "boolean") throw unstorable(where, `is ${describe(value)} and its type takes true or false`);
      return value ? "t" : "f";
    },
  };
}

/** The first millisecond of a timestamp: 24 November 4714 BC, day 0 of the Julian calendar. */
const firstTimestamp = -210_866_803_200_000;

export function dateCodec(where: string): ValueCodec {
  return {
    parse(text) {
      const date = parseTimestamp(text);
      if (typeof date === "number")
        throw unreadable(where, `is ${text}, which no Date is; take { mode: "string" } for it`);
      return date;
    },
    write(value) {
      if (!(value instanceof Date)) throw unstorable(where, `is ${describe(value)} and its type takes a Date`);
      const time = value.getTime();
      if (Number.isNaN(time)) throw unstorable(where, "is an invalid Date; check where it was made");
      if (time < firstTimestamp) throw unstorable(where, "is before 4714 BC, where PostgreSQL's timestamps begin");
      return formatTimestamp(value);
    },
    equals: (a, b) => a instanceof Date && b instanceof Date && sameTime(a, b),
    copy: (value) =>
      value instanceof Date ? withMicroseconds(new Date(value.getTime()), microsecondsOf(value)) : value,
  };
}

function sameTime(a: Date, b: Date): boolean {
  return Object.is(a.getTime(), b.getTime()) && microsecondsOf(a) === microsecondsOf(b);
}

export function bytesCodec(where: string): ValueCodec {
  return {
    parse: parseBytea,
    write(value) {
      if (!(value instanceof Uint8Array))
        throw unstorable(where, `is ${describe(value)} and its type takes a Uint8Array`);
      return viewAsBuffer(value);
    },
    equals: (a, b) => a instanceof Uint8Array && b instanceof Uint8Array && Buffer.compare(a, b) === 0,
    copy: (value) => (value instanceof Uint8Array ? new Uint8Array(value) : value),
  };
}

/** A custom type's own functions. Two values are equal when they are written alike. */
export function customCodec(codec: Codec<unknown>, where: string): ValueCodec {
  const decode = told((text: string) => codec.decode(text), where, unreadable);
  const convert = told((value: unknown): unknown => codec.encode(value), where, unstorable);
  const encode = (value: unknown): string => {
    const text = convert(value);
    if (typeof text !== "string")
      throw unstorable(where, `is made ${describe(text)} by its codec, which is to give text`);
    return text;
  };
  return {
    parse: decode,
    write: encode,
    equals: (a, b) => a === b || (mutable(a, b) && encode(a) === encode(b)),
    copy: (value) => (typeof value === "object" ? decode(encode(value)) : value),
  };
}

/** A transform over the codec of the type below it. */
export function transformCodec(transform: Transform<unknown, unknown>, below: ValueCodec, where: string): ValueCodec {
  const read = told((value: unknown) => transform.read(value), where, unreadable);
  const write = told((value: unknown) => transform.write(value), where, unstorable);
  return {
    parse: (text) => read(below.parse(text)),
    write: (value) => below.write(write(value)),
    equals: (a, b) => a === b || (mutable(a, b) && below.equals(write(a), write(b))),
    copy: (value) => (typeof value === "object" ? read(below.copy(write(value))) : value),
  };
}

/** Whether two different values may still stand for the same: two strings don't. */
function mutable(a: unknown, b: unknown): boolean {
  return typeof a === "object" || typeof b === "object";
}
