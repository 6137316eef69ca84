/**
 * Objects that a name and options say whole, such as collations, operators and publications: one definition, one
 * declaration and one way from the one to the other for all of them. Their options are what a catalog holds of them, with
 * types of the models in place of SQL where that reads better.
 */

import type { SqlFragment } from "../../sql/fragment.js";
import { type Declares, declare } from "../brand.js";
import type { ColumnDef } from "../column.js";
import type { ObjectOptions } from "../objects.js";
import type { Labelled, SecurityLabels } from "../security-labels.js";
import type { PlainOptions } from "./kinds.js";

/** A type: one of the models', such as `text()`, or SQL. */
export type TypeName = ColumnDef<unknown, boolean> | string;

/** The kinds of such objects, by the names that `kinds/` have for them. */
export type PlainKind = keyof PlainOptions;

/** Options as a catalog has them: types and expressions are SQL. */
export type Resolved<T> = T extends ColumnDef<unknown, boolean> | SqlFragment
  ? string
  : T extends readonly (infer Element)[]
    ? readonly Resolved<Element>[]
    : T extends object
      ? { readonly [K in keyof T]: Resolved<T[K]> }
      : T;

/** What the catalog holds of an object. */
export type PlainSettings<K extends PlainKind> = Resolved<PlainOptions[K]>;

export interface PlainDefinition {
  readonly kind: PlainKind;
  /** `collation("german")`: as the models say it, for messages. */
  readonly origin: string;
  /** null: the default schema; absent: it lies in none. */
  readonly schema?: string | null;
  readonly comment: string | null;
  readonly renamedFrom: string | null;
  readonly securityLabels: SecurityLabels;
  /** All else that was said, types and SQL as they were given. */
  readonly options: object;
  /** The path within the schema, by the resolved options. */
  readonly path: (settings: object) => readonly string[];
}

/** What is said of an object in no schema. */
export type DatabaseObjectOptions = Omit<ObjectOptions, "schema">;

interface Place<K extends PlainKind> {
  readonly inSchema: boolean;
  /** Left out: its name alone. */
  readonly path?: (settings: PlainSettings<K>) => readonly string[];
}

/** The definition of an object. `said`: the arguments as messages repeat them. */
export function plain<K extends PlainKind>(
  kind: K,
  said: { readonly factory: string; readonly name: string },
  options: PlainOptions[K] & ObjectOptions & Labelled,
  { inSchema, path }: Place<K>,
): Declares<PlainDefinition> {
  const { schema = null, comment = null, renamedFrom = null, securityLabels = {}, ...rest } = options;
  const definition: PlainDefinition = {
    kind,
    origin: `${said.factory}(${JSON.stringify(said.name)})`,
    ...(inSchema ? { schema } : {}),
    comment,
    renamedFrom,
    securityLabels,
    options: rest,
    // The settings that it is given are those that these very options resolve to.
    path: path === undefined ? () => [said.name] : (settings) => path(settings as PlainSettings<K>),
  };
  return Object.freeze(declare({}, definition));
}

/** A type as SQL that stands in a name: `"public"."mood"` → `public.mood`. */
export function typeInName(sql: string): string {
  return sql.replaceAll(/"([a-z_][a-z0-9_$]*)"/g, "$1");
}
