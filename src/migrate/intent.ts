/** What models and flags say about a change beside the schema it leads to. */

import { objectId } from "../catalog/catalog.js";
import type { PlanOptions } from "../diff/context.js";
import { AthanorError } from "../errors.js";
import { declaredPath } from "../kinds/routine.js";
import { type Declarations, namedIn } from "../model/declarations.js";
import type { Loadable } from "../scratch/load.js";
import { type Answers, type Decider, spell } from "./decide.js";

/** `status` → `{ retired: "active" }`: what becomes of rows that hold a label that is gone. */
export type LabelReplacements = ReadonlyMap<string, Readonly<Record<string, string>>>;

/** The decider with what the models say of renames; a flag's word wins. */
export function withModelRenames(decider: Decider, declarations: Declarations): Decider {
  return { ...decider, given: new Map([...modelRenames(declarations), ...decider.given]) };
}

function modelRenames(declarations: Declarations): Answers {
  const { schemas, enums, tables, views, functions, procedures, aggregates, eventTriggers, plain } = declarations;
  const given = new Map<string, string>();
  const add = (path: readonly string[], old: string | null) => {
    if (old !== null) given.set(spell([...path.slice(0, -1), old]), spell(path));
  };
  for (const { name, renamedFrom } of schemas) add([name], renamedFrom);
  for (const { schema, name, renamedFrom } of namedIn(declarations)) add([schema, name], renamedFrom);
  for (const routine of [...functions, ...procedures, ...aggregates])
    if (routine.renamedFrom !== null)
      add(declaredPath(routine), declaredPath({ ...routine, name: routine.renamedFrom })[1] ?? null);
  for (const { schema, name, renamedLabels } of enums)
    for (const [label, old] of Object.entries(renamedLabels)) add([schema, name, label], old);
  for (const { name, renamedFrom } of eventTriggers) add([name], renamedFrom);
  for (const { path, renamedFrom } of plain) add(path, renamedFrom);
  for (const { schema, name, columns, constraints, indexes, policies } of tables)
    for (const part of [...columns, ...constraints, ...indexes, ...policies])
      add([schema, name, part.name], part.renamedFrom);
  for (const { schema, name, triggers, rules, statistics } of [...tables, ...views])
    for (const part of [...triggers, ...rules, ...statistics]) add([schema, name, part.name], part.renamedFrom);
  return given;
}

/** What planning has to know: USING expressions of the models, and labels' successors of models and flags. */
export function planOptions(declarations: Declarations, labels: LabelReplacements = new Map()): PlanOptions {
  const using = new Map<string, string>();
  for (const { schema, name: table, columns } of declarations.tables)
    for (const column of columns)
      if (column.using !== null) using.set(objectId("column", [schema, table, column.name]), column.using);
  const enums = new Map(declarations.enums.map((found) => [spell([found.schema, found.name]), found]));
  for (const name of labels.keys())
    if (!enums.has(name))
      throw new AthanorError("question.answer", `No enum of the models is called ${name}; labels were given for it.`);
  const labelReplacements = new Map(
    [...enums].map(([name, { schema, name: own, labels: known, replacedLabels }]) => {
      const replacements = { ...replacedLabels, ...labels.get(name) };
      refuseUnknown(name, known, replacements);
      return [objectId("enum", [schema, own]), replacements];
    }),
  );
  return { using, labelReplacements };
}

function refuseUnknown(name: string, known: readonly string[], replacements: Readonly<Record<string, string>>): void {
  const wrong = Object.entries(replacements).find(([, label]) => !known.includes(label));
  if (wrong === undefined) return;
  throw new AthanorError(
    "question.answer",
    `Rows that hold ${name}.${wrong[0]} can't take ${JSON.stringify(wrong[1])}, which is no label of it; it has ${known.join(", ")}.`,
  );
}

/** What the models need and Athanor does not manage. */
export function declaredExternals({ externals }: Declarations): readonly Loadable[] {
  return externals.map(({ statement, origin }) => ({ sql: statement, origin }));
}
