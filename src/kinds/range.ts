/** Range types with their multirange. PostgreSQL has no ALTER for them but RENAME. */

import { clipBytes, derivedName, maxIdentifierBytes, quoteIdentifier, quotePath } from "../sql/identifier.js";
import { carryWhole } from "./carry.js";
import type { Kind } from "./kind.js";
import { callCode, objectCode, ownFields, qualifiedCode, stringCode } from "./source.js";
import { collationName, compact, jsonObject, notMember } from "./statements.js";
import { typeSlots } from "./type.js";

export interface RangeDefinition {
  readonly subtype: string;
  readonly operatorClass?: string;
  readonly collation?: string;
  readonly canonical?: string;
  readonly difference?: string;
  /** The multirange's name, in the range's schema. */
  readonly multirange?: string;
}

const functionName = (oid: string) =>
  `(SELECT quote_ident(fn.nspname) || '.' || quote_ident(f.proname) FROM pg_proc f JOIN pg_namespace fn ON fn.oid = f.pronamespace WHERE f.oid = ${oid})`;

export const rangeKind: Kind<RangeDefinition> = {
  name: "range type",

  seenIn: "pg_range WHERE rngtypid >= 16384",
  query: () => `
    SELECT 'pg_type'::regclass::oid, t.oid, 0,
      'pg_type/' || t.typarray || ' pg_type/' || r.rngmultitypid || ' pg_type/' || mt.typarray,
      json_build_array(n.nspname, t.typname), obj_description(t.oid, 'pg_type'),
      ${jsonObject({
        subtype: "format_type(r.rngsubtype, NULL)",
        operatorClass:
          "(SELECT quote_ident(ocn.nspname) || '.' || quote_ident(oc.opcname) FROM pg_opclass oc JOIN pg_namespace ocn ON ocn.oid = oc.opcnamespace WHERE oc.oid = r.rngsubopc AND NOT (oc.opcdefault AND oc.opcintype = r.rngsubtype))",
        collation: `CASE WHEN r.rngcollation <> st.typcollation THEN ${collationName("r.rngcollation")} END`,
        canonical: functionName("r.rngcanonical"),
        difference: functionName("r.rngsubdiff"),
        multirange: "mt.typname",
      })}
    FROM pg_range r JOIN pg_type t ON t.oid = r.rngtypid JOIN managed n ON n.oid = t.typnamespace
      JOIN pg_type st ON st.oid = r.rngsubtype JOIN pg_type mt ON mt.oid = r.rngmultitypid
    WHERE ${notMember("pg_type", "t.oid")}`,

  *declare({ ranges }) {
    for (const {
      schema,
      name,
      comment,
      subtype,
      operatorClass,
      collation,
      canonical,
      difference,
      multirange,
    } of ranges)
      yield {
        path: [schema, name],
        comment,
        definition: compact<RangeDefinition>({ subtype, operatorClass, collation, canonical, difference, multirange }),
      };
  },

  create({ path, definition }) {
    const { subtype, operatorClass, collation, canonical, difference, multirange } = definition;
    const options = [
      `SUBTYPE = ${subtype}`,
      ...(operatorClass === undefined ? [] : [`SUBTYPE_OPCLASS = ${operatorClass}`]),
      ...(collation === undefined ? [] : [`COLLATION = ${collation}`]),
      ...(canonical === undefined ? [] : [`CANONICAL = ${canonical}`]),
      ...(difference === undefined ? [] : [`SUBTYPE_DIFF = ${difference}`]),
      ...(multirange === undefined ? [] : [`MULTIRANGE_TYPE_NAME = ${quotePath([...path.slice(0, 1), multirange])}`]),
    ];
    return [{ sql: `CREATE TYPE ${quotePath(path)} AS RANGE (${options.join(", ")})` }];
  },
  drop: ({ path }) => [{ sql: `DROP TYPE ${quotePath(path)}` }],
  alter: () => ({ op: "replace" }),
  rename: ({ path }, name) => `ALTER TYPE ${quotePath(path)} RENAME TO ${quoteIdentifier(name)}`,
  swap: {
    // The multirange steps aside too, and so do the constructors, which a type's new name does not rename.
    away: ({ path, definition: { multirange, subtype } }, name) => {
      const range = quotePath(path);
      const aside = [
        ...[`${subtype}, ${subtype}`, `${subtype}, ${subtype}, text`].map(
          (types) => `ALTER FUNCTION ${range}(${types}) RENAME TO ${quoteIdentifier(name)}`,
        ),
        `ALTER TYPE ${range} RENAME TO ${quoteIdentifier(name)}`,
      ];
      if (multirange === undefined) return aside;
      const [multi, multiName] = [
        quotePath([...path.slice(0, 1), multirange]),
        quoteIdentifier(derivedName(name, null, "multi")),
      ];
      return [
        ...aside,
        `ALTER FUNCTION ${multi}() RENAME TO ${multiName}`,
        `ALTER TYPE ${multi} RENAME TO ${multiName}`,
      ];
    },
    dropAway: ({ path }, name) => `DROP TYPE ${quotePath([...path.slice(0, -1), name])}`,
    carry: carryWhole,
  },
  commentTarget: ({ path }) => `TYPE ${quotePath(path)}`,
  slots: ({ path, definition: { multirange } }) => [
    ...typeSlots(path),
    ...(multirange === undefined ? [] : typeSlots([path[0] ?? "", multirange])),
  ],

  source: (object, context) => ({
    at: "types",
    code() {
      const { subtype, operatorClass, collation, canonical, difference, multirange } = object.definition;
      const [, name = ""] = object.path;
      const optional = (sql: string | undefined) => (sql === undefined ? null : qualifiedCode(sql));
      const options = objectCode({
        subtype: context.type(subtype),
        operatorClass: optional(operatorClass),
        collation: optional(collation),
        canonical: optional(canonical),
        difference: optional(difference),
        multirange: multirange === undefined || multirange === usualMultirange(name) ? null : stringCode(multirange),
        ...ownFields(object, context),
      });
      return callCode(context.use("rangeType"), stringCode(name), options);
    },
  }),
};

/** The name that PostgreSQL gives to a multirange (makeMultirangeTypeName): `range` becomes `multirange`, or it is added. */
function usualMultirange(name: string): string {
  const at = name.indexOf("range");
  if (at >= 0) return clipBytes(`${name.slice(0, at)}multi${name.slice(at)}`, maxIdentifierBytes);
  return `${clipBytes(name, maxIdentifierBytes - "_multirange".length)}_multirange`;
}
