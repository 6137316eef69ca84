import { AthanorError } from "../errors.js";
import { columnDefs, makeModel } from "./base.js";
import type { ColumnDefs } from "./definition.js";
import { type ModelDefinition, modelName, type PlainModelOptions } from "./definition.js";
import { modelEntity, rebind, rebindablesOf } from "./entity.js";
import { discriminatorOf, kindsOf, rootOf } from "./inheritance.js";
import type { InheritedModel, InheritOptions, OfColumns, WithShared } from "./model-types.js";
import type { AnyModel } from "./relations.js";

/**
 * A model that is a special case of another, in the same table (single-table inheritance):
 *
 * ```ts
 * class Employee extends Base.model({ kind: text().discriminator(), name: text() }, {}, { identity: "employee" }) {}
 * class Manager extends inherit(Employee, { level: integer().nullable() }, {}, { identity: "manager" }) {}
 * // CREATE TABLE "employees" ("kind" text NOT NULL, "name" text NOT NULL, …, "level" integer)
 * // select(Manager) → … WHERE "employees"."kind" = 'manager'; select(Employee) gives Managers where rows are such
 * ```
 * @throws AthanorError `model.inheritance` for what contradicts itself: see docs/models.md.
 */
export function inherit<
  M extends AnyModel & OfColumns<C>,
  C,
  Own extends object,
  R extends object = Record<never, never>,
  P extends object = Record<never, never>,
>(
  model: M & OfColumns<C>,
  columns: Own,
  relations: R,
  options: InheritOptions<WithShared<C, Own>, P>,
): InheritedModel<M, C, Own, R, P> {
  const parent = modelEntity(model).definition;
  const own = columnDefs(columns);
  // The options without the types of their columns.
  const plain = options as unknown as PlainModelOptions & { readonly identity: string };
  checkInheritance(parent, own, plain.identity);
  const heir = makeModel({
    base: parent.base,
    inherits: parent,
    columns: { ...parent.columns, ...own },
    relations: Object.create(null, {
      ...Object.getOwnPropertyDescriptors(parent.relations),
      ...Object.getOwnPropertyDescriptors(relations),
    }) as object,
    options: inheritedOptions(parent, plain),
  });
  for (const [name, value] of rebindablesOf(model))
    Object.defineProperty(heir, name, { value: value[rebind](() => modelEntity(heir)), configurable: true });
  // The class that makeModel builds at run time has the shape that InheritedModel computes.
  return heir as unknown as InheritedModel<M, C, Own, R, P>;
}

function inheritedOptions({ options }: ModelDefinition, own: PlainModelOptions): PlainModelOptions {
  const { schema, version, properties } = options;
  return {
    ...(schema === undefined ? {} : { schema }),
    ...(version === undefined ? {} : { version }),
    ...own,
    properties: { ...properties, ...own.properties },
  };
}

function checkInheritance(parent: ModelDefinition, own: ColumnDefs, identity: string): void {
  const refuse = (sentence: string): never => {
    throw new AthanorError("model.inheritance", sentence);
  };
  const name = modelName(parent);
  const heir = `The model ${JSON.stringify(identity)} that inherits from ${name}`;
  if (discriminatorOf(parent) === null)
    refuse(
      `${heir} shares its table, and no column says whose a row is; give ${name} one: kind: text().discriminator().`,
    );
  if (kindsOf(rootOf(parent)).some(({ options }) => options.identity === identity))
    refuse(`${heir} has an identity that another model of the table has; give each its own.`);
  for (const [property, { spec }] of Object.entries(own)) {
    if (kindsOf(rootOf(parent)).some(({ columns }) => Object.hasOwn(columns, property)))
      refuse(
        `${heir} defines ${property}, which the table has already; give it another name, or define it in ${name}.`,
      );
    if (!spec.nullable && spec.generated === null)
      refuse(`${heir} defines ${property}, which rows of other models don't have; write .nullable().`);
    if (spec.primaryKey || spec.discriminator)
      refuse(`${heir} defines ${property} as a key or discriminator; ${name} has those of the table.`);
  }
}
