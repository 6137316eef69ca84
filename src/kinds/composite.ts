/** Composite types: attributes are added and dropped at the end in place; other changes need a new type. */

import { type CatalogObject, sameData } from "../catalog/catalog.js";
import { snakeCase } from "../model/naming.js";
import { quoteIdentifier, quoteLiteral, quotePath } from "../sql/identifier.js";
import { carryWhole, unreachable } from "./carry.js";
import type { Alteration, Kind, Statement } from "./kind.js";
import { columnLabelCall } from "./security-label.js";
import { callCode, keyCode, objectCode, ownFields, qualifiedCode, type SourceContext, stringCode } from "./source.js";
import { propertyNames } from "./source-names.js";
import { collationName, compact, jsonObject, notMember } from "./statements.js";
import { relationSlot, typeSlots } from "./type.js";

export interface CompositeAttribute {
  readonly name: string;
  readonly type: string;
  readonly collation?: string;
  readonly comment?: string;
}

export interface CompositeDefinition {
  readonly attributes: readonly CompositeAttribute[];
}

export const compositeKind: Kind<CompositeDefinition> = {
  name: "composite type",

  seenIn: "pg_class WHERE relkind = 'c'",
  query: () => `
    SELECT 'pg_type'::regclass::oid, t.oid, 0, 'pg_type/' || t.typarray || ' pg_class/' || t.typrelid,
      json_build_array(n.nspname, t.typname), obj_description(t.oid, 'pg_type'),
      json_build_object('attributes', coalesce((
        SELECT json_agg(${jsonObject({
          name: "a.attname",
          type: "format_type(a.atttypid, a.atttypmod)",
          collation: `CASE WHEN a.attcollation <> at.typcollation THEN ${collationName("a.attcollation")} END`,
          comment: "col_description(a.attrelid, a.attnum)",
        })} ORDER BY a.attnum)
        FROM pg_attribute a JOIN pg_type at ON at.oid = a.atttypid
        WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped), '[]'))
    FROM pg_type t JOIN managed n ON n.oid = t.typnamespace JOIN pg_class c ON c.oid = t.typrelid
    WHERE c.relkind = 'c' AND ${notMember("pg_type", "t.oid")}`,

  *declare({ composites }) {
    for (const { schema, name, comment, attributes } of composites)
      yield {
        path: [schema, name],
        comment,
        definition: { attributes: attributes.map((attribute) => compact<CompositeAttribute>(attribute)) },
      };
  },

  create: ({ path, definition: { attributes } }) => [
    { sql: `CREATE TYPE ${quotePath(path)} AS (${attributes.map(attributeSql).join(", ")})` },
    ...attributes.flatMap((attribute) => attributeComment(path, undefined, attribute)),
  ],
  drop: ({ path }) => [{ sql: `DROP TYPE ${quotePath(path)}` }],
  rename: ({ path }, name) => `ALTER TYPE ${quotePath(path)} RENAME TO ${quoteIdentifier(name)}`,

  alter(from, to): Alteration {
    const kept = from.definition.attributes.filter(({ name }) =>
      to.definition.attributes.some((after) => after.name === name),
    );
    const reached = to.definition.attributes.slice(0, kept.length);
    const inPlace = kept.every((before, i) => {
      const after = reached[i];
      return after?.name === before.name && after.type === before.type && after.collation === before.collation;
    });
    if (!inPlace) return { op: "replace" };
    const dropped = from.definition.attributes.filter((attribute) => !kept.includes(attribute));
    const added = to.definition.attributes.slice(kept.length);
    const alter = `ALTER TYPE ${quotePath(to.path)}`;
    return {
      op: "statements",
      statements: [
        ...added.map((attribute) => ({ sql: `${alter} ADD ATTRIBUTE ${attributeSql(attribute)}` })),
        ...dropped.map(({ name }) => ({
          sql: `${alter} DROP ATTRIBUTE ${quoteIdentifier(name)}`,
          hazards: ["data-loss"] as const,
        })),
        ...to.definition.attributes.flatMap((attribute) =>
          attributeComment(
            to.path,
            kept.find(({ name }) => name === attribute.name),
            attribute,
          ),
        ),
      ],
    };
  },

  swap: {
    away: ({ path }, name) => [`ALTER TYPE ${quotePath(path)} RENAME TO ${quoteIdentifier(name)}`],
    dropAway: ({ path }, name) => `DROP TYPE ${quotePath([...path.slice(0, -1), name])}`,
    changesValues: (from, to, context) =>
      misplaces(from, to) || context.swapsUnder(from.id).some(({ changesValues }) => changesValues),
    losesValues: (from, to) => from.definition.attributes.some(({ name }) => !namesOf(to).includes(name)),
    carry(from, to, context) {
      const whole = carryWhole(from, to, context);
      if (sameData(namesOf(from), namesOf(to))) return whole;
      // As text an attribute is known by its place only: where places change, each is fetched by its name.
      return (expression, isArray) => {
        if (isArray && misplaces(from, to)) return unreachable(from, from);
        const text = whole(expression);
        if (isArray) return text;
        const values = namesOf(to).map((name) =>
          namesOf(from).includes(name) ? `(${expression}).${quoteIdentifier(name)}` : "NULL",
        );
        // A value of nothing but NULLs is not NULL itself, which only its text tells.
        return `(CASE WHEN ${text} IS NOT NULL THEN ROW(${values.join(", ")})::text END)`;
      };
    },
  },

  commentTarget: ({ path }) => `TYPE ${quotePath(path)}`,
  source: (object, context) => ({
    at: "types",
    code: () =>
      callCode(
        context.use("composite"),
        stringCode(object.path[1] ?? ""),
        attributesCode(object, context),
        objectCode(ownFields(object, context)),
      ),
  }),
  slots: (object) => [...typeSlots(object.path), relationSlot(object.path)],
};

function namesOf({ definition }: CatalogObject<CompositeDefinition>): readonly string[] {
  return definition.attributes.map(({ name }) => name);
}

/** Whether the new type would take a value's text, and some attribute for another. PostgreSQL refuses other numbers of them. */
function misplaces(from: CatalogObject<CompositeDefinition>, to: CatalogObject<CompositeDefinition>): boolean {
  const [before, after] = [namesOf(from), namesOf(to)];
  return before.length === after.length && !sameData(before, after);
}

/** Any attribute of a composite value may be null, whatever its type. */
function attributesCode(object: CatalogObject<CompositeDefinition>, context: SourceContext): string {
  const { attributes } = object.definition;
  const names = propertyNames(
    attributes.map(({ name }) => name),
    snakeCase,
  );
  const fields = attributes.map(({ name, type, collation, comment }) => {
    const property = names.get(name) ?? name;
    return [
      `${keyCode(property)}: ${context.type(type)}`,
      ...(snakeCase(property) === name ? [] : [`.named(${stringCode(name)})`]),
      ".nullable()",
      ...(collation === undefined ? [] : [`.collate(${qualifiedCode(collation)})`]),
      columnLabelCall(object, name, context),
      ...(comment === undefined ? [] : [`.comment(${stringCode(comment)})`]),
    ].join("");
  });
  return fields.length === 0 ? "{}" : `{ ${fields.join(", ")} }`;
}

function attributeSql({ name, type, collation }: CompositeAttribute): string {
  return `${quoteIdentifier(name)} ${type}${collation === undefined ? "" : ` COLLATE ${collation}`}`;
}

function attributeComment(
  path: readonly string[],
  before: CompositeAttribute | undefined,
  after: CompositeAttribute,
): Statement[] {
  if (before?.comment === after.comment) return [];
  const text = after.comment === undefined ? "NULL" : quoteLiteral(after.comment).trimStart();
  return [{ sql: `COMMENT ON COLUMN ${quotePath([...path, after.name])} IS ${text}` }];
}
