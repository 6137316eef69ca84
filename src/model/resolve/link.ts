/** Reads models and all that they reach, and joins them: join tables, foreign keys, relationships. */

import { type ModelDefinition, modelName } from "../definition.js";
import type { Problems } from "../problems.js";
import { type ForeignKeyMetadata, resolveForeignKey, Tables } from "./foreign-keys.js";
import { findJoinTables } from "./join-tables.js";
import { type ReadConstraint, reachedFrom, readModel, type TableMetadata } from "./read.js";
import { type RelationMetadata, resolveRelations } from "./relations.js";

export interface Linked {
  readonly tables: Tables;
  readonly foreignKeys: ReadonlyMap<ReadConstraint, ForeignKeyMetadata>;
  readonly relations: ReadonlyMap<TableMetadata, ReadonlyMap<string, RelationMetadata>>;
}

/** Models with what they reach. What can't be resolved is a problem and left out. */
export function linkModels(models: readonly ModelDefinition[], defaultSchema: string, problems: Problems): Linked {
  const tables = new Tables(defaultSchema);
  // A Set gives what is added while it is walked.
  const queue = new Set(models);
  for (const definition of queue) {
    const table = problems.shaped(modelName(definition), () => readModel(definition, defaultSchema, problems));
    if (table === null) continue;
    tables.add(table, problems);
    for (const reached of reachedFrom(table)) queue.add(reached);
  }
  const secondaries = findJoinTables(tables, problems);
  const foreignKeys = new Map<ReadConstraint, ForeignKeyMetadata>();
  for (const table of tables.all) {
    for (const constraint of table.constraints) {
      if (constraint.spec.kind !== "foreign key") continue;
      const key = resolveForeignKey(table, constraint, constraint.spec, tables, problems);
      if (key !== null) foreignKeys.set(constraint, key);
    }
  }
  const relations = resolveRelations(tables, [...foreignKeys.values()], secondaries, problems);
  return { tables, foreignKeys, relations };
}
