/** A type as PostgreSQL prints it → the column definition that a model writes. */

import { objectId } from "../catalog/catalog.js";
import { callCode, objectCode, parseQualified, type SourceContext, stringCode } from "../kinds/source.js";
import { elementType } from "../kinds/type.js";
import type { ColumnDef } from "../model/column.js";
import * as types from "../model/types/index.js";

const { array: _a, smallserial: _b, serial: _c, bigserial: _d, ...simple } = types;

/** `character varying` → `varchar`: the factories, by the SQL that they give. */
const makers: readonly (readonly [name: string, make: () => ColumnDef<unknown>])[] = Object.entries(simple);
const factories = new Map(makers.map(([name, make]) => [make().spec.type.sql(null), name]));

/** Kinds of types that a schema defines. */
const userTypeKinds = ["enum", "domain", "composite type", "range type"] as const;

/**
 * `varchar(80)`, `array(gender())`, and for what models have no name for `customType("public.vector(3)")`. `constant` gives
 * the name under which a type's constant can be used here, null where it can't.
 */
export function typeCode(sql: string, context: SourceContext, constant: (id: string) => string | null): string {
  const array = arrayCode(sql, context, (element) => typeCode(element, context, constant));
  return array ?? knownTypeCode(sql, context, constant) ?? callCode(context.use("customType"), stringCode(sql));
}

/** The same where models have a name for it; else null. */
export function knownTypeCode(
  sql: string,
  context: SourceContext,
  constant: (id: string) => string | null,
): string | null {
  return (
    arrayCode(sql, context, (element) => knownTypeCode(element, context, constant)) ??
    builtinCode(sql, context) ??
    userTypeCode(sql, context, constant)
  );
}

function arrayCode(sql: string, context: SourceContext, codeOf: (element: string) => string | null): string | null {
  const element = elementType(sql);
  const dimensions = (sql.length - element.length) / 2;
  const code = dimensions > 0 && dimensions <= 3 ? codeOf(element) : null;
  return code === null ? null : callCode(context.use("array"), code, dimensions === 1 ? "" : String(dimensions));
}

function builtinCode(sql: string, context: SourceContext): string | null {
  const [, before = "", list = "", after = ""] =
    /^([^(]*?)(?:\(([\d,]+)\))?( with(?:out)? time zone)?$/.exec(sql) ?? [];
  const modifiers = list === "" ? [] : list.split(",");
  if (before === "interval" || before.startsWith("interval ")) {
    const fields = before.slice("interval ".length);
    const options = { fields: fields === "" ? null : stringCode(fields), precision: modifiers[0] };
    return callCode(context.use("interval"), objectCode(options));
  }
  const factory = factories.get(before + after);
  if (factory === undefined) return null;
  if (factory === "timestamp") return callCode(context.use(factory), objectCode({ precision: modifiers[0] }));
  // numeric(10,0) is what numeric(10) is printed as.
  const shortest = factory === "numeric" && modifiers[1] === "0" ? modifiers.slice(0, 1) : modifiers;
  return callCode(context.use(factory), ...shortest);
}

function userTypeCode(sql: string, context: SourceContext, constant: (id: string) => string | null): string | null {
  const path = parseQualified(sql);
  for (const kind of userTypeKinds) {
    const id = objectId(kind, path);
    if (!context.catalog.objects.has(id)) continue;
    const name = constant(id);
    if (name !== null) return callCode(name);
  }
  const [schema = "", name] = path;
  if (name !== "citext" || !context.catalog.objects.has(objectId("extension", ["citext"]))) return null;
  return callCode(context.use("citext"), objectCode({ schema: stringCode(schema) }));
}
