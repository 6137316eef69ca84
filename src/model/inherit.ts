import { columnDefs, makeModel } from "./base.js";
import { checkInheritance } from "./check-inheritance.js";
import type { ColumnDef } from "./column.js";
import type { ModelDefinition, PlainModelOptions } from "./definition.js";
import { modelEntity, rebind, rebindablesOf } from "./entity.js";
import type { InheritedModel, InheritOptions, OfColumns, WithInherited } from "./model-types.js";
import type { AnyModel } from "./relations.js";

/**
 * A model that is a special case of another; in the same table (single-table inheritance), or with `tablename` what it adds
 * is in one of its own (joined-table inheritance):
 *
 * ```ts
 * class Employee extends Base.model({ kind: text().discriminator(), name: text() }, {}, { identity: "employee" }) {}
 * class Manager extends inherit(Employee, { level: integer().nullable() }, {}, { identity: "manager" }) {}
 * // CREATE TABLE "employees" ("kind" text NOT NULL, "name" text NOT NULL, …, "level" integer)
 * // select(Manager) → … WHERE "employees"."kind" = 'manager'; select(Employee) gives Managers where rows are such
 *
 * class Engineer extends inherit(Employee, { language: text() }, {}, { identity: "engineer", tablename: "engineers" }) {}
 * // CREATE TABLE "engineers" ("id" integer NOT NULL, "language" text NOT NULL, PRIMARY KEY ("id"),
 * //   FOREIGN KEY ("id") REFERENCES "employees" ("id") ON UPDATE CASCADE ON DELETE CASCADE)
 * // select(Engineer) → … FROM ("employees" JOIN "engineers" ON "engineers"."id" = "employees"."id")
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
  options: InheritOptions<WithInherited<C, Own>, P>,
): InheritedModel<M, C, Own, R, P> {
  const parent = modelEntity(model).definition;
  const own = columnDefs(columns);
  // The options without the types of their columns.
  const plain = options as unknown as PlainModelOptions;
  checkInheritance(parent, own, plain);
  const isKey = ([, { spec }]: [string, ColumnDef<unknown, boolean>]) => spec.primaryKey;
  const entries = Object.entries(own);
  const heir = makeModel({
    base: parent.base,
    inherits: parent,
    columns: { ...parent.columns, ...Object.fromEntries(entries.filter((entry) => !isKey(entry))) },
    keyColumns: Object.fromEntries(entries.filter(isKey)),
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
