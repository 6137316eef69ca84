import { AthanorError } from "../errors.js";
import type { Column } from "../sql/column.js";
import { type Declares, declare } from "./brand.js";
import type { ColumnDef } from "./column.js";
import {
  type BaseDefinition,
  type ColumnDefs,
  type ModelDefinition,
  modelDefinitionOf,
  type PlainModelOptions,
  propertyNames,
  relationNames,
} from "./definition.js";
import { modelEntity } from "./entity.js";
import { defineInstanceProperties, initialise } from "./instance.js";
import type { ModelClass, ModelOptions, WithShared } from "./model-types.js";
import { type Naming, snakeCase } from "./naming.js";
import type { AnyModel } from "./relations.js";
import { Relationship } from "./relationship.js";
import type { Grant, TablePrivilege } from "./rights.js";
import { modelColumns } from "./source.js";
import { modelOptionsOf, type ViewOptions, viewSpecOf } from "./view.js";

export interface BaseOptions<Shared> {
  /** Columns that every model gets, each its own copy, after the model's own. */
  readonly columns?: Shared;
  /** The table's name of a class; default: the class name in snake case (`BlogPost` → `blog_post`). */
  readonly tablename?: (className: string) => string;
  /** The column's name of a property; default: snake case (`createdAt` → `created_at`). */
  readonly columnName?: (property: string) => string;
  /** The schema of models that name none. */
  readonly schema?: string;
  /** Names of constraints and indexes; default: PostgreSQL's own. */
  readonly naming?: Naming;
  /** The owner of tables and views whose models name none. */
  readonly owner?: string;
  /** The privileges on tables and views whose models say nothing of them. */
  readonly grants?: readonly Grant<TablePrivilege, never>[];
}

export interface Base<Shared> extends Declares<BaseDefinition> {
  /**
   * `class User extends Base.model({ email: text() }, { get posts() { return many(Post); } }) {}` →
   * `CREATE TABLE "user" ("email" text NOT NULL)`, with the Base's columns after its own.
   *
   * A column that the Base has too is the model's own instead.
   */
  // biome-ignore lint/complexity/noBannedTypes: no relations means no keys, and {} is the type that adds none
  model<C extends object, R extends object = {}, P extends object = {}>(
    columns: C,
    relations?: R,
    options?: ModelOptions<WithShared<Shared, C>, P>,
  ): ModelClass<WithShared<Shared, C>, R, P>;
  /**
   * ``class ActiveUser extends Base.view({ id: integer().primaryKey(), name: text() }, { as: sql`SELECT id, name FROM users WHERE active` }) {}``
   * → `CREATE VIEW "active_user" AS SELECT id, name FROM users WHERE active`.
   *
   * It is queried as a model is, and never written by a session. It has none of the Base's columns. Its key, by which a
   * session tells its rows apart, is only said: PostgreSQL doesn't hear of it.
   */
  view<C extends object>(columns: C, options: ViewOptions<C>): ModelClass<C, Record<never, never>>;
  /** A Base with more columns or other options, such as `Base.extend({ columns: { deletedAt: … } })`; no table of its own. */
  extend<More extends object = Record<never, never>>(options: BaseOptions<More>): Base<WithShared<Shared, More>>;
}

/**
 * Where a set of models starts: what they share, and how they are named.
 *
 * ```ts
 * export const Base = declarativeBase({ columns: { id: integer().primaryKey().identity() } });
 * ```
 */
export function declarativeBase<Shared extends object = Record<never, never>>(
  options: BaseOptions<Shared> = {},
): Base<Shared> {
  return makeBase({
    kind: "base",
    columns: columnDefs(options.columns ?? {}),
    tablename: options.tablename ?? snakeCase,
    columnName: options.columnName ?? snakeCase,
    schema: options.schema ?? null,
    naming: options.naming ?? {},
    rights: { owner: options.owner ?? null, grants: options.grants ?? null },
    models: [],
  });
}

function makeBase<Shared>(definition: BaseDefinition): Base<Shared> {
  const methods = {
    model<C extends object>(columns: C, relations: object = {}, options: PlainModelOptions = {}) {
      const all = inOrder(columnDefs(columns), definition.columns);
      return makeModel({ base: definition, inherits: null, columns: all, keyColumns: {}, relations, options });
    },
    view<C extends object>(columns: C, options: ViewOptions<C>) {
      return makeModel({
        base: definition,
        inherits: null,
        columns: columnDefs(columns),
        keyColumns: {},
        relations: {},
        options: modelOptionsOf(options),
        view: viewSpecOf(options),
      });
    },
    extend<More extends object>(options: BaseOptions<More>): Base<WithShared<Shared, More>> {
      return makeBase({
        ...definition,
        columns: inOrder(columnDefs(options.columns ?? {}), definition.columns),
        tablename: options.tablename ?? definition.tablename,
        columnName: options.columnName ?? definition.columnName,
        schema: options.schema ?? definition.schema,
        naming: { ...definition.naming, ...options.naming },
        rights: {
          owner: options.owner ?? definition.rights.owner,
          grants: options.grants ?? definition.rights.grants,
        },
      });
    },
  };
  // The class that makeModel builds at run time has the shape that Base.model's type computes from the columns.
  return Object.freeze(declare(methods, definition)) as unknown as Base<Shared>;
}

/** What a model says, before it has a class. */
type Said = Pick<ModelDefinition, "base" | "inherits" | "columns" | "keyColumns" | "relations" | "options"> &
  Partial<Pick<ModelDefinition, "view">>;

/** The class that a model's own extends. */
export function makeModel(said: Said): AnyModel {
  const parent = said.inherits === null ? makeClass() : extendClass(said.inherits);
  const columns = withIdentity(said.columns, said.options);
  const definition: ModelDefinition = { kind: "model", view: null, ...said, columns, heirs: [], parent, model: null };
  said.base.models.push(definition);
  said.inherits?.heirs.push(definition);
  declare(parent, definition);
  defineStatics(parent, definition);
  defineInstanceProperties(parent.prototype, definition);
  return parent;
}

function makeClass() {
  return class {
    constructor(init: Readonly<Record<string, unknown>>) {
      const definition = modelDefinitionOf(new.target);
      // Whatever is constructed extends a class that has one.
      if (definition !== null) initialise(this, definition, init);
    }
  };
}

function extendClass({ model, parent }: ModelDefinition) {
  // Its constructor is the one that makeClass() made, or calls it.
  return class extends ((model ?? parent) as unknown as new (init: object) => object) {};
}

/** With the identity as the default of the column that holds it. */
function withIdentity(columns: ColumnDefs, { identity }: PlainModelOptions): ColumnDefs {
  const found = Object.entries(columns).find(([, { spec }]) => spec.discriminator);
  if (found === undefined || identity === undefined) return columns;
  const [property, column] = found;
  return { ...columns, [property]: column.default(identity) };
}

/** `User.email`, `User.c`, `User.posts`: read late, when the class that `extends` this one is known by `this`. */
function defineStatics(parent: object, definition: ModelDefinition): void {
  const columnsFor = (self: unknown): Readonly<Record<string, Column<unknown>>> => {
    modelDefinitionOf(self);
    return modelColumns(definition);
  };
  const property = (name: string, get: (this: unknown) => unknown): void => {
    Object.defineProperty(parent, name, { get, configurable: true });
  };
  for (const name of [...Object.keys(definition.columns), ...propertyNames(definition)]) {
    if (!reserved.has(name))
      property(name, function () {
        return columnsFor(this)[name];
      });
  }
  for (const name of relationNames(definition)) {
    if (!reserved.has(name))
      property(name, function () {
        modelDefinitionOf(this);
        return new Relationship({ definition, property: name }, modelEntity(this));
      });
  }
  property("c", function () {
    return columnsFor(this);
  });
}

/** Statics that a class has already, or that a model takes: see ReservedStatics. */
const reserved: ReadonlySet<string> = new Set(["name", "length", "prototype", "c"]);

/** The column definitions among what was given: the values of `{ email: text() }`. */
export function columnDefs(columns: object): ColumnDefs {
  const entries: [string, unknown][] = Object.entries(columns);
  const isColumn = (entry: [string, unknown]): entry is [string, ColumnDef<unknown, boolean>] => {
    const [, value] = entry;
    return typeof value === "object" && value !== null && "kind" in value && value.kind === "column";
  };
  const stray = entries.find((entry) => !isColumn(entry));
  if (stray !== undefined)
    throw new AthanorError(
      "model.column_invalid",
      `${stray[0]} is given among the columns and is none; write a type such as text(), and call an enum: gender().`,
    );
  return Object.fromEntries(entries.filter(isColumn));
}

/** The first ones, then those of the second that the first do not define. */
function inOrder(own: ColumnDefs, shared: ColumnDefs): ColumnDefs {
  return {
    ...own,
    ...Object.fromEntries(Object.entries(shared).filter(([property]) => !Object.hasOwn(own, property))),
  };
}
