import type { Declarations, TableDeclaration } from "../../src/model/declarations.js";
import { collectDeclarations, declarativeBase, integer, ModelError, type Problem } from "../../src/model/index.js";

/** A Base with an id, as most models have. */
export const makeBase = () =>
  declarativeBase({
    columns: { id: integer().primaryKey().identity() },
    tablename: (name) => `${name.toLowerCase()}s`,
  });

/** What is wrong with the models; empty: nothing. */
export function problemsOf(...models: readonly unknown[]): readonly Problem[] {
  try {
    collectDeclarations(models);
    return [];
  } catch (error) {
    if (error instanceof ModelError) return error.problems;
    throw error;
  }
}

export function tableOf(declarations: Declarations, name: string): TableDeclaration {
  const table = declarations.tables.find((candidate) => candidate.name === name);
  if (table === undefined) throw new Error(`no table ${name}`);
  return table;
}
