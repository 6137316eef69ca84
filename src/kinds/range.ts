/** Range types with their multirange. PostgreSQL has no ALTER for them but RENAME. */

import { derivedName, quoteIdentifier, quotePath } from "../sql/identifier.js";
import type { Kind } from "./kind.js";
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
    carry: () => (expression) => `${expression}::text`,
  },
  commentTarget: ({ path }) => `TYPE ${quotePath(path)}`,
  slots: ({ path, definition: { multirange } }) => [
    ...typeSlots(path),
    ...(multirange === undefined ? [] : typeSlots([path[0] ?? "", multirange])),
  ],
};
