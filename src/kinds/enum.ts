/** Enum types: labels are added in place; removing or reordering them needs a new type under the columns. */

import type { CatalogObject } from "../catalog/catalog.js";
import { displayName, quoteIdentifier, quoteLiteral, quotePath } from "../sql/identifier.js";
import type { Alteration, Kind, PlanContext, Statement } from "./kind.js";
import { overlap } from "./likeness.js";
import { callCode, objectCode, ownFields, stringCode, stringList } from "./source.js";
import { notMember } from "./statements.js";
import { typeSlots } from "./type.js";

export interface EnumDefinition {
  readonly labels: readonly string[];
}

export const enumKind: Kind<EnumDefinition> = {
  name: "enum",

  seenIn: "pg_type WHERE typtype = 'e'",
  query: () => `
    SELECT 'pg_type'::regclass::oid, t.oid, 0, 'pg_type/' || t.typarray, json_build_array(n.nspname, t.typname),
      obj_description(t.oid, 'pg_type'),
      json_build_object('labels', coalesce(
        (SELECT json_agg(e.enumlabel ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid), '[]'))
    FROM pg_type t JOIN managed n ON n.oid = t.typnamespace
    WHERE t.typtype = 'e' AND ${notMember("pg_type", "t.oid")}`,

  *declare({ enums }) {
    for (const { schema, name, comment, labels } of enums)
      yield { path: [schema, name], comment, definition: { labels } };
  },

  create: ({ path, definition: { labels } }) => [
    { sql: `CREATE TYPE ${quotePath(path)} AS ENUM (${labels.map(labelLiteral).join(", ")})` },
  ],
  drop: ({ path }) => [{ sql: `DROP TYPE ${quotePath(path)}` }],
  rename: ({ path }, name) => `ALTER TYPE ${quotePath(path)} RENAME TO ${quoteIdentifier(name)}`,

  alter(from, to): Alteration {
    const added = addedLabels(from.definition.labels, to.definition.labels);
    if (added === null) return { op: "replace" };
    return {
      op: "statements",
      statements: added.map((label) => addLabel(to.path, label)),
      committed: {
        fresh: added.map(({ label }) => label),
        // Should what comes after fail, the labels stay: adding them once more must do no harm.
        statements: added.map((label) => ({ ...addLabel(to.path, label, "IF NOT EXISTS "), transactional: false })),
      },
    };
  },

  parts: {
    word: "label",
    of: ({ labels }) => labels,
    rename: ({ path }, label, name) =>
      `ALTER TYPE ${quotePath(path)} RENAME VALUE ${labelLiteral(label)} TO ${labelLiteral(name)}`,
  },
  likeness: (from, to) => overlap(from.definition.labels, to.definition.labels),

  swap: {
    away: ({ path }, name) => [`ALTER TYPE ${quotePath(path)} RENAME TO ${quoteIdentifier(name)}`],
    dropAway: ({ path }, name) => `DROP TYPE ${quotePath([...path.slice(0, -1), name])}`,
    changesValues: (from, to, context) => replacementsOf(from, to, context).length > 0,
    carry(from, to, context) {
      const replacements = replacementsOf(from, to, context);
      return (expression, isArray) => {
        if (replacements.length === 0) return `${expression}::text`;
        if (isArray)
          return replacements.reduce(
            (array, [gone, label]) => `array_replace(${array}, ${labelLiteral(gone)}, ${labelLiteral(label)})`,
            `${expression}::text[]`,
          );
        const cases = replacements.map(([gone, label]) => `WHEN ${labelLiteral(gone)} THEN ${labelLiteral(label)}`);
        return `(CASE ${expression}::text ${cases.join(" ")} ELSE ${expression}::text END)`;
      };
    },
  },

  commentTarget: ({ path }) => `TYPE ${quotePath(path)}`,
  source: (object, context) => ({
    at: "types",
    code: () =>
      callCode(
        context.use("pgEnum"),
        stringCode(object.path[1] ?? ""),
        stringList(object.definition.labels),
        objectCode(ownFields(object, context)),
      ),
  }),
  slots: ({ path }) => typeSlots(path),
};

/** Labels that are gone, each with the one that rows take instead. */
function replacementsOf(
  { id, definition }: CatalogObject<EnumDefinition>,
  { definition: { labels } }: CatalogObject<EnumDefinition>,
  context: PlanContext,
): readonly (readonly [gone: string, label: string])[] {
  // What the models say stays there once it has been done.
  return Object.entries(context.labelReplacements(id)).filter(
    ([gone]) => definition.labels.includes(gone) && !labels.includes(gone),
  );
}

/** A label that is new, and the one beside which it goes. */
interface AddedLabel {
  readonly label: string;
  readonly beside: { readonly place: "BEFORE" | "AFTER"; readonly label: string } | null;
}

/** The labels to add, in an order in which each one's neighbour stands already; null if adding alone does not do it. */
function addedLabels(from: readonly string[], to: readonly string[]): readonly AddedLabel[] | null {
  const kept = to.filter((label) => from.includes(label));
  if (kept.length !== from.length || kept.some((label, i) => label !== from[i])) return null;
  const added: AddedLabel[] = [];
  for (const [i, label] of to.entries()) {
    if (from.includes(label)) continue;
    const before = to[i - 1];
    const next = to.slice(i + 1).find((later) => from.includes(later));
    if (next === undefined) added.push({ label, beside: null });
    else if (before === undefined) added.push({ label, beside: { place: "BEFORE", label: next } });
    else added.push({ label, beside: { place: "AFTER", label: before } });
  }
  return added;
}

function addLabel(path: readonly string[], { label, beside }: AddedLabel, condition = ""): Statement {
  const place = beside === null ? "" : ` ${beside.place} ${labelLiteral(beside.label)}`;
  return {
    sql: `ALTER TYPE ${quotePath(path)} ADD VALUE ${condition}${labelLiteral(label)}${place}`,
    sentence: `add label ${label} to enum ${displayName(path)}`,
  };
}

function labelLiteral(label: string): string {
  return quoteLiteral(label).trimStart();
}
