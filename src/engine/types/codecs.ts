/**
 * How PostgreSQL's text becomes a JavaScript value, by the type's OID. Types that are not listed (enums, domains over
 * text, ranges, numeric, date, interval, uuid, …) stay the text that PostgreSQL writes, which loses nothing.
 */

import { parseArray } from "./array.js";
import { parseBytea } from "./bytes.js";
import { parseTimestamp } from "./time.js";

/** One value's text to its value. NULL never comes here. */
export type Parse = (text: string) => unknown;

const asText: Parse = (text) => text;
const asJson: Parse = (text) => JSON.parse(text) as unknown;

/** name, OID, OID of its array, parser. The OIDs are fixed: pg_type.dat in PostgreSQL's sources. */
const builtIn: readonly (readonly [name: string, oid: number, arrayOid: number, parse: Parse])[] = [
  ["bool", 16, 1000, (text) => text === "t"],
  ["bytea", 17, 1001, parseBytea],
  ["char", 18, 1002, asText],
  ["name", 19, 1003, asText],
  ["int8", 20, 1016, BigInt],
  ["int2", 21, 1005, Number],
  ["int4", 23, 1007, Number],
  ["regproc", 24, 1008, asText],
  ["text", 25, 1009, asText],
  ["oid", 26, 1028, Number],
  ["json", 114, 199, asJson],
  ["xml", 142, 143, asText],
  ["cidr", 650, 651, asText],
  ["float4", 700, 1021, Number],
  ["float8", 701, 1022, Number],
  ["macaddr", 829, 1040, asText],
  ["inet", 869, 1041, asText],
  ["bpchar", 1042, 1014, asText],
  ["varchar", 1043, 1015, asText],
  ["date", 1082, 1182, asText],
  ["time", 1083, 1183, asText],
  ["timestamp", 1114, 1115, parseTimestamp],
  ["timestamptz", 1184, 1185, parseTimestamp],
  ["interval", 1186, 1187, asText],
  ["timetz", 1266, 1270, asText],
  ["bit", 1560, 1561, asText],
  ["varbit", 1562, 1563, asText],
  ["numeric", 1700, 1231, asText],
  ["regclass", 2205, 2210, asText],
  ["regtype", 2206, 2211, asText],
  ["uuid", 2950, 2951, asText],
  ["jsonb", 3802, 3807, asJson],
];

const parsers = new Map<number, Parse>();
for (const [, oid, arrayOid, parse] of builtIn) {
  if (parse !== asText) parsers.set(oid, parse);
  parsers.set(arrayOid, (text) => parseArray(text, parse));
}
// int2vector and oidvector, of which the catalogs are full, are written without braces: `1 2 3`.
const parseVector: Parse = (text) => (text === "" ? [] : text.split(" ").map(Number));
parsers.set(22, parseVector);
parsers.set(30, parseVector);

/** The parser for a type, or undefined where its text is its value. */
export function parserFor(oid: number): Parse | undefined {
  return parsers.get(oid);
}
