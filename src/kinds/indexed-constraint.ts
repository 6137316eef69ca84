/** What keys and exclusion constraints say alike: each is kept by an index of its name. */

import type { ConstraintBase, IndexSettingsDeclaration } from "../model/declarations.js";
import { addConstraint, constraintBase, constraintQuery, constraintSlots, deferrableField } from "./constraint.js";
import {
  type ConstraintIndexSettings,
  clusterSlots,
  indexAlteration,
  indexSettingFields,
  lateIndexSettings,
} from "./index-settings.js";
import type { Kind } from "./kind.js";
import { jsonObject } from "./statements.js";
import { relationSlot } from "./type.js";

export interface IndexedConstraintDefinition extends ConstraintIndexSettings {
  readonly deferrable?: "immediate" | "deferred";
}

/** @param clause `CONSTRAINT "users_pkey" PRIMARY KEY ("id")`, as CREATE TABLE and ADD take it. */
export function indexedConstraintBase<Definition extends IndexedConstraintDefinition>(
  clause: (path: readonly string[], definition: Definition) => string,
) {
  return {
    ...constraintBase,
    inline: ({ path, definition }) => ({
      sql: clause(path, definition),
      after: lateIndexSettings(path, definition),
    }),
    create: ({ path, definition }) => [
      addConstraint(path, clause(path, definition)),
      ...lateIndexSettings(path, definition),
    ],
    alter: indexAlteration,
    slots: (object) => [
      ...constraintSlots(object),
      ...clusterSlots(object),
      relationSlot([object.path[0] ?? "", object.path[2] ?? ""]),
    ],
  } satisfies Partial<Kind<Definition>>;
}

/** Their query: `k` is the constraint, `i` its index's `pg_index` and `ic` its `pg_class`. */
export function indexedConstraintQuery(contypes: string, fields: Readonly<Record<string, string>>): string {
  return constraintQuery(
    contypes,
    "'pg_class/' || k.conindid",
    jsonObject({ ...fields, deferrable: deferrableField, ...indexSettingFields }),
    "JOIN pg_index i ON i.indexrelid = k.conindid JOIN pg_class ic ON ic.oid = k.conindid",
  );
}

/** What a declaration says of these, without what goes without saying. */
export function declaredIndexed({
  include,
  deferrable,
  storageParameters,
  tablespace,
  clustered,
}: ConstraintBase & IndexSettingsDeclaration) {
  return {
    include,
    deferrable: deferrable === "no" ? null : deferrable,
    storageParameters,
    tablespace,
    clustered: clustered || null,
  };
}
