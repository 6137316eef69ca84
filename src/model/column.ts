import { AthanorError } from "../errors.js";
import type { SqlFragment } from "../sql/fragment.js";
import type { QualifiedName } from "../sql/ordering.js";
import type { ReferentialAction } from "./declarations.js";
import type { SecurityLabels } from "./security-labels.js";
import type { SqlType, Transform } from "./sql-type.js";

/** Options of an identity column's sequence or of a sequence. Left out: PostgreSQL's default for the type. */
export interface SequenceSettings {
  readonly start?: number | bigint;
  readonly increment?: number | bigint;
  readonly min?: number | bigint;
  readonly max?: number | bigint;
  readonly cache?: number | bigint;
  readonly cycle?: boolean;
}

/** Options of an identity column. */
export interface IdentityOptions extends SequenceSettings {
  /** `GENERATED ALWAYS`; default: BY DEFAULT. */
  readonly always?: boolean;
  /** The sequence's name, in the table's schema; left out: as PostgreSQL names it, `users_id_seq`. */
  readonly sequence?: string;
}

/** When a constraint is checked: `immediate` means DEFERRABLE INITIALLY IMMEDIATE. */
export type Deferrable = "no" | "immediate" | "deferred";

export interface UniqueOptions {
  readonly name?: string;
  readonly nullsNotDistinct?: boolean;
  readonly deferrable?: Deferrable;
}

export interface ColumnIndexOptions {
  readonly name?: string;
  readonly unique?: boolean;
  readonly using?: string;
  readonly opclass?: QualifiedName;
  readonly where?: SqlFragment;
}

export interface ReferenceOptions {
  readonly onDelete?: ReferentialAction;
  readonly onUpdate?: ReferentialAction;
  readonly match?: "simple" | "full";
  readonly deferrable?: Deferrable;
  readonly name?: string;
  readonly renamedFrom?: string;
  readonly comment?: string;
  /** NOT VALID: rows that exist already are not checked. */
  readonly notValid?: boolean;
  /** NOT ENFORCED, PostgreSQL 18. */
  readonly notEnforced?: boolean;
  /** Database names of the columns that ON DELETE SET NULL or SET DEFAULT touches; left out: all. PostgreSQL 15. */
  readonly onDeleteColumns?: readonly string[];
}

/** The columns of the table at hand by property, where a definition refers to its siblings. Unknown ones throw. */
export type SiblingColumns = Readonly<Record<string, SqlFragment>>;

/** What a column definition says, as plain data. */
export interface ColumnSpec {
  readonly type: SqlType;
  readonly name: string | null;
  readonly nullable: boolean;
  readonly primaryKey: boolean;
  readonly unique: UniqueOptions | null;
  readonly index: ColumnIndexOptions | null;
  readonly identity: IdentityOptions | null;
  readonly default: { readonly value: unknown } | null;
  readonly serverDefault: SqlFragment | null;
  readonly onUpdate: { readonly value: unknown } | null;
  readonly generated: {
    readonly expression: SqlFragment | ((columns: SiblingColumns) => SqlFragment);
    readonly virtual: boolean;
  } | null;
  readonly references: { readonly target: string | (() => unknown); readonly options: ReferenceOptions } | null;
  /** Not selected with the others. */
  readonly deferred: boolean;
  /** Says of which model a row is. */
  readonly discriminator: boolean;
  readonly collation: QualifiedName | null;
  readonly storage: "plain" | "external" | "extended" | "main" | null;
  readonly compression: "pglz" | "lz4" | null;
  readonly statistics: number | null;
  readonly options: Readonly<Record<string, string>>;
  readonly foreignOptions: Readonly<Record<string, string>>;
  readonly securityLabels: SecurityLabels;
  readonly comment: string | null;
  readonly renamedFrom: string | null;
  readonly using: SqlFragment | null;
}

const plain: Omit<ColumnSpec, "type"> = {
  name: null,
  nullable: false,
  primaryKey: false,
  unique: null,
  index: null,
  identity: null,
  default: null,
  serverDefault: null,
  onUpdate: null,
  generated: null,
  references: null,
  deferred: false,
  discriminator: false,
  collation: null,
  storage: null,
  compression: null,
  statistics: null,
  options: {},
  foreignOptions: {},
  securityLabels: {},
  comment: null,
  renamedFrom: null,
  using: null,
};

/**
 * A column's definition. `Value` is what an instance holds, `Optional` whether `new Model()` may leave it out.
 *
 * Immutable: each method gives a new definition, so that one can be kept and used in many models. NOT NULL unless
 * `.nullable()`. A method called twice holds as called last.
 *
 * `Optional`: whether rows may leave it out. `boolean`, of a foreign key: `new Model()` may, where a relationship gives it,
 * and an INSERT may not.
 */
export class ColumnDef<Value, Optional extends boolean = false> {
  readonly kind = "column";
  /** Types only, never present at run time. */
  declare readonly _value: Value;
  declare readonly _optional: Optional;

  constructor(readonly spec: ColumnSpec) {
    Object.freeze(this);
  }

  /** `text().nullable()` → `text`, without NOT NULL; the value may be null and left out of `new Model()`. */
  nullable(): ColumnDef<Value | null, true> {
    return this.with({ nullable: true });
  }

  /** A unique constraint on this column: `UNIQUE ("email")`. For several columns, see `unique()` in `constraints`. */
  unique(options: UniqueOptions = {}): ColumnDef<Value, Optional> {
    return this.with({ unique: options });
  }

  /**
   * Left out when rows of the model are read, for what is big and seldom wanted. Loaded by name:
   * `await session.load(user, "photo")`, or with the query: `.options(loadOnly(User.username, User.photo))`.
   */
  deferred(): ColumnDef<Value, Optional> {
    return this.with({ deferred: true });
  }

  /** Says of which model a row is, by the `identity` of the models that share the table: see `inherit()`. */
  discriminator(): ColumnDef<Value, true> {
    return this.with({ discriminator: true });
  }

  /** An index on this column: `CREATE INDEX ON "users" ("email")`. For more, see `index()` in `constraints`. */
  index(options: ColumnIndexOptions = {}): ColumnDef<Value, Optional> {
    return this.with({ index: options });
  }

  /** `PRIMARY KEY`; on several columns of a model, they make one composite key in the order of the columns. */
  primaryKey(): ColumnDef<Value, Optional> {
    return this.with({ primaryKey: true });
  }

  /**
   * `GENERATED BY DEFAULT AS IDENTITY`, or with `{ always: true }` GENERATED ALWAYS;
   * `identity({ start: 100 })` → `… AS IDENTITY (START WITH 100)`.
   */
  identity(options: IdentityOptions = {}): ColumnDef<Value, true> {
    return this.with({ identity: options });
  }

  /**
   * Other values in JavaScript than the type's own; what is stored stays the type's. A null reaches neither function.
   *
   * ```ts
   * website: text().nullable().transform({ read: (href) => new URL(href), write: (url: URL) => url.href })
   * ```
   *
   * It also holds for the elements of `array(…)`, and for the base of a domain and the attributes of a composite. A second
   * one is put on top of the first.
   *
   * @throws AthanorError `model.column_contradiction` after `.default()` or `.onUpdate()`: their values are of the new type.
   */
  transform<Outer>(
    transform: Transform<NonNullable<Value>, Outer>,
  ): ColumnDef<Outer | (null extends Value ? null : never), Optional> {
    if (this.spec.default !== null || this.spec.onUpdate !== null)
      throw new AthanorError(
        "model.column_contradiction",
        "A column has .transform() after .default() or .onUpdate(), whose values it changes; write .transform() before them.",
      );
    // Only ever called with values of its own column.
    const own = transform as Transform<unknown, unknown>;
    const below = this.spec.type.transform;
    const whole: Transform<unknown, unknown> =
      below === null
        ? own
        : { read: (value) => own.read(below.read(value)), write: (value) => below.write(own.write(value)) };
    return this.with({ type: { ...this.spec.type, transform: whole } });
  }

  /** A default that the application gives at INSERT: a value, or a function called for each row. No DDL. */
  default(value: Value | (() => Value)): ColumnDef<Value, true> {
    return this.with({ default: { value } });
  }

  /** A default that PostgreSQL gives: ``serverDefault(sql`now()`)`` → `DEFAULT now()`. */
  serverDefault(expression: SqlFragment): ColumnDef<Value, true> {
    return this.with({ serverDefault: expression });
  }

  /** Set by every UPDATE of a row that does not set it itself: a value, a function or SQL. No DDL. */
  onUpdate(value: Value | SqlFragment | (() => Value)): ColumnDef<Value, Optional> {
    return this.with({ onUpdate: { value } });
  }

  /**
   * ``generated(sql`price * amount`)`` or ``generated((c) => sql`${c.price} * ${c.amount}`)`` →
   * `GENERATED ALWAYS AS (…) STORED`; with `{ virtual: true }` VIRTUAL (PostgreSQL 18).
   */
  generated(
    expression: SqlFragment | ((columns: SiblingColumns) => SqlFragment),
    options: { readonly virtual?: boolean } = {},
  ): ColumnDef<Value, true> {
    return this.with({ generated: { expression, virtual: options.virtual ?? false } });
  }

  /**
   * A foreign key: `references("users.id")` names table and column as they are in the database (`"auth.users.id"` with
   * a schema; a table alone stands for its primary key), `references(() => User.id)` as they are in the model. Looked up
   * when the models are loaded. It may be left out of `new Post()`, as a relationship may set it.
   */
  references(
    target: string | (() => unknown),
    options: ReferenceOptions = {},
  ): ColumnDef<Value, Optional extends true ? true : boolean> {
    return this.with({ references: { target, options } });
  }

  /** `text().collate("de-x-icu")` → `text COLLATE "de-x-icu"`; `["pg_catalog", "C"]` with its schema. */
  collate(collation: QualifiedName): ColumnDef<Value, Optional> {
    return this.with({ collation });
  }

  /** How long values are stored: `ALTER COLUMN … SET STORAGE EXTERNAL`. */
  storage(storage: "plain" | "external" | "extended" | "main"): ColumnDef<Value, Optional> {
    return this.with({ storage });
  }

  /** `text().compression("lz4")` → `text COMPRESSION lz4`. */
  compression(compression: "pglz" | "lz4"): ColumnDef<Value, Optional> {
    return this.with({ compression });
  }

  /** The planner's statistics target, 0 to 10000: `ALTER COLUMN … SET STATISTICS 500`. */
  statistics(target: number): ColumnDef<Value, Optional> {
    return this.with({ statistics: target });
  }

  /** Of a foreign table: `foreignOptions({ column_name: "id" })` → `OPTIONS ("column_name" 'id')`. */
  foreignOptions(options: Readonly<Record<string, string>>): ColumnDef<Value, Optional> {
    return this.with({ foreignOptions: options });
  }

  /** Attribute options: `options({ n_distinct: -0.5 })` → `ALTER COLUMN … SET (n_distinct = -0.5)`. */
  options(options: Readonly<Record<string, string | number>>): ColumnDef<Value, Optional> {
    return this.with({ options: Object.fromEntries(Object.entries(options).map(([k, v]) => [k, String(v)])) });
  }

  /**
   * By provider, such as PostgreSQL Anonymizer: `securityLabels({ anon: "MASKED WITH VALUE NULL" })` →
   * `SECURITY LABEL FOR "anon" ON COLUMN … IS 'MASKED WITH VALUE NULL'`; null: none of that provider's.
   */
  securityLabels(labels: SecurityLabels): ColumnDef<Value, Optional> {
    return this.with({ securityLabels: labels });
  }

  /** `COMMENT ON COLUMN … IS 'text'`. */
  comment(text: string): ColumnDef<Value, Optional> {
    return this.with({ comment: text });
  }

  /** The column's name in the database, where it is not what the Base derives from the property. */
  named(name: string): ColumnDef<Value, Optional> {
    return this.with({ name });
  }

  /** The name that the column had in the database before: `RENAME COLUMN`, and no question asked. */
  renamedFrom(name: string): ColumnDef<Value, Optional> {
    return this.with({ renamedFrom: name });
  }

  /** How old values become the new type when the type changes: `ALTER COLUMN … TYPE integer USING length("x")`. */
  using(expression: SqlFragment): ColumnDef<Value, Optional> {
    return this.with({ using: expression });
  }

  private with<V, O extends boolean>(change: Partial<ColumnSpec>): ColumnDef<V, O> {
    return new ColumnDef<V, O>(Object.freeze({ ...this.spec, ...change }));
  }
}

/** A NOT NULL column of `type`. */
export function columnOf<Value>(type: SqlType): ColumnDef<Value> {
  return new ColumnDef<Value>(Object.freeze({ ...plain, type }));
}
