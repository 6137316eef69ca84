/** How models say what PostgreSQL prints of partitions: `range(c.createdAt)`, `{ from: "2026-01-01", to: maxvalue }`. */

import { effectiveColumns } from "./family.js";
import {
  callCode,
  objectCode,
  parseQualified,
  qualifiedCode,
  type SourceContext,
  sqlCode,
  stringCode,
} from "./source.js";

/** A name as PostgreSQL prints it, with a schema or without. */
const name = String.raw`(?:"(?:[^"]|"")+"|[a-z_][\w$]*)(?:\.(?:"(?:[^"]|"")+"|[a-z_][\w$]*))?`;
const columnElement = new RegExp(`^(${name})(?: COLLATE (${name}))?(?: (${name}))?$`);

/** ``RANGE (created_at, lower(region))`` → `` (c) => range(c.createdAt, sql`lower(region)`) ``. */
export function partitionKeyCode(table: readonly string[], key: string, context: SourceContext): string {
  const [, strategy, list = ""] = /^(RANGE|LIST|HASH) \((.*)\)$/s.exec(key) ?? [];
  const elements = splitList(list).map((element) => elementCode(table, element, context));
  if (strategy === undefined || elements.includes(null)) return `() => ${sqlCode(key, context)}`;
  // Whatever is null has left already.
  const codes = elements as string[];
  const parameter = codes.some((code) => code.startsWith("c.")) ? "c" : "";
  return `(${parameter}) => ${callCode(context.use(strategy.toLowerCase()), ...codes)}`;
}

function elementCode(table: readonly string[], element: string, context: SourceContext): string | null {
  const [, own = "", collation, operatorClass] = columnElement.exec(element) ?? [];
  const [column = ""] = parseQualified(own);
  const isColumn = effectiveColumns(context.catalog, table).some(({ object }) => object.path[2] === column);
  if (!isColumn) return /\s(?:COLLATE\s+)?[\w."]+$/.test(element) ? null : sqlCode(element, context);
  return [
    context.column(table, column),
    ...(collation === undefined ? [] : [callCode("collate", qualifiedCode(collation))]),
    ...(operatorClass === undefined ? [] : [callCode("opclass", qualifiedCode(operatorClass))]),
  ].join(".");
}

/** ``FOR VALUES FROM ('2026-01-01') TO (MAXVALUE)`` → `{ from: "2026-01-01", to: maxvalue }`. */
export function boundCode(bound: string, context: SourceContext): string {
  if (bound === "DEFAULT") return stringCode("default");
  const [, modulus, remainder] = /^FOR VALUES WITH \(modulus (\d+), remainder (\d+)\)$/.exec(bound) ?? [];
  if (modulus !== undefined && remainder !== undefined) return objectCode({ modulus, remainder });
  const [, list] = /^FOR VALUES IN \((.*)\)$/s.exec(bound) ?? [];
  if (list !== undefined) return objectCode({ in: `[${valueCodes(list, context).join(", ")}]` });
  const [from, to] = splitRange(bound);
  if (from === undefined || to === undefined) return sqlCode(bound, context);
  const side = (values: readonly string[]) => (values.length === 1 ? (values[0] ?? null) : `[${values.join(", ")}]`);
  return objectCode({ from: side(valueCodes(from, context)), to: side(valueCodes(to, context)) });
}

/** The lists of `FOR VALUES FROM (…) TO (…)`, which may have anything quoted in them. */
function splitRange(bound: string): readonly string[] {
  const [, rest] = /^FOR VALUES FROM (.*)$/s.exec(bound) ?? [];
  if (rest === undefined) return [];
  return [...rest.matchAll(/\(((?:'(?:[^']|'')*'|[^')])*)\)/g)].map(([, list = ""]) => list);
}

function valueCodes(list: string, context: SourceContext): readonly string[] {
  return splitList(list).map((value) => {
    if (value === "MINVALUE" || value === "MAXVALUE") return context.use(value.toLowerCase());
    if (value === "NULL") return "null";
    if (value === "true" || value === "false") return value;
    if (/^-?\d/.test(value) && String(Number(value)) === value) return value;
    if (/^-?\d+$/.test(value)) return `${value}n`;
    const [, text] = /^'((?:[^']|'')*)'$/s.exec(value) ?? [];
    return text === undefined ? sqlCode(value, context) : stringCode(text.replaceAll("''", "'"));
  });
}

/** The parts between commas that are in no quotes or parentheses. */
function splitList(list: string): readonly string[] {
  const parts: string[] = [];
  let [depth, start] = [0, 0];
  for (const { 0: token, index } of list.matchAll(/'(?:[^']|'')*'|"(?:[^"]|"")*"|[(),]/g)) {
    if (token === "(") depth++;
    else if (token === ")") depth--;
    else if (token === "," && depth === 0) {
      parts.push(list.slice(start, index).trim());
      start = index + 1;
    }
  }
  return [...parts, list.slice(start).trim()];
}
