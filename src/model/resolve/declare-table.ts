/** A table, as a declaration. */

import { quoteLiteral, quotePath } from "../../sql/identifier.js";
import { quoteQualified } from "../../sql/ordering.js";
import type { ColumnDeclaration, SequenceDeclaration, TableDeclaration } from "../declarations.js";
import { columnExpressions, siblings } from "../definition.js";
import { freeName } from "../naming.js";
import { type Attached, declareAttached } from "./attached.js";
import { declareConstraint, declareIndex, type TableContext } from "./declare-constraint.js";
import { sequenceOptions } from "./declare-types.js";
import { declareLineage } from "./lineage.js";
import { checkName } from "./names.js";
import { declarePartitionKey, declareTableOptions } from "./partitions.js";
import type { ColumnMetadata } from "./read.js";
import { refuseSecrets } from "./secrets.js";

export interface DeclaredTable {
  readonly table: TableDeclaration;
  /** Those of `serial()` columns. */
  readonly sequences: readonly SequenceDeclaration[];
}

/** Everything of one table, each name given. */
export function declareTable(context: TableContext, attached: Attached): DeclaredTable {
  const { table } = context;
  const { options } = table.definition;
  const sequences: SequenceDeclaration[] = [];
  const constraints = table.constraints.flatMap((constraint) => declareConstraint(constraint, context));
  const indexes = table.constraints.flatMap(({ spec, origin }) =>
    spec.kind === "index" ? [declareIndex(spec, origin, context)] : [],
  );
  return {
    sequences,
    table: {
      origin: table.label,
      schema: table.schema,
      name: table.name,
      comment: options.comment ?? null,
      renamedFrom: options.renamedFrom ?? null,
      ...declareLineage(context, sequences),
      ...declarePartitionKey(options, context),
      partitionOf: null,
      constraints,
      indexes,
      ...declareTableOptions(options, context),
      ...declareAttached(attached, context),
      triggerStates: {},
    },
  };
}

/** @param sequences where those of `serial()` columns are put; null: a serial column's sequence is another's. */
export function declareColumn(
  column: ColumnMetadata,
  context: TableContext,
  sequences: SequenceDeclaration[] | null,
): ColumnDeclaration {
  const { table, problems, defaultSchema } = context;
  const { spec, name, origin } = column;
  checkName(name, origin, problems);
  refuseSecrets(spec.foreignOptions, origin, problems);
  const sequence =
    sequences !== null && (spec.type.serial || spec.identity !== null) ? nameSequence(column, context) : null;
  if (spec.type.serial && sequence !== null)
    sequences?.push({
      origin,
      schema: table.schema,
      name: sequence,
      comment: null,
      renamedFrom: null,
      type: spec.type.sql(defaultSchema),
      options: sequenceOptions({}),
      ownedBy: { schema: table.schema, table: table.name, column: name },
      unlogged: table.definition.options.unlogged ?? false,
    });
  return {
    origin,
    name,
    type: spec.type.sql(defaultSchema),
    notNull: !spec.nullable,
    default:
      spec.type.serial && sequence !== null ? nextval([table.schema, sequence]) : optionalSql(spec.serverDefault),
    generated: spec.generated === null ? null : generated(spec.generated),
    identity:
      spec.identity === null
        ? null
        : {
            generation: spec.identity.always ? "always" : "by default",
            sequence: spec.identity.sequence ?? null,
            options: sequenceOptions(spec.identity),
          },
    collation: spec.collation === null ? null : quoteQualified(spec.collation),
    storage: spec.storage,
    compression: spec.compression,
    statistics: spec.statistics,
    options: spec.options,
    foreignOptions: spec.foreignOptions,
    comment: spec.comment,
    renamedFrom: spec.renamedFrom,
    using: optionalSql(spec.using),
  };

  function optionalSql(fragment: typeof spec.using): string | null {
    return fragment === null ? null : problems.sql(fragment, origin);
  }

  function generated(given: NonNullable<typeof spec.generated>): ColumnDeclaration["generated"] {
    const { expression } = given;
    const fragment =
      typeof expression === "function"
        ? problems.attempt("model.sql", origin, () =>
            expression(siblings(columnExpressions(table.definition, null), table.label)),
          )
        : expression;
    return fragment === null
      ? null
      : { expression: problems.sql(fragment, origin), storage: given.virtual ? "virtual" : "stored" };
  }
}

/** The sequence under a serial or identity column, as PostgreSQL names it: `users_id_seq`. */
function nameSequence(column: ColumnMetadata, { table, names }: TableContext): string {
  const given = column.spec.identity?.sequence;
  // Taken before any name was derived: see reserveGivenNames.
  if (given !== undefined) return given;
  const name = freeName(table.name, column.name, "seq", (candidate) => names.isTaken(table.schema, candidate));
  names.take("relation", table.schema, name, `the sequence of ${column.origin}`);
  return name;
}

function nextval(path: readonly string[]): string {
  return `nextval(${quoteLiteral(quotePath(path)).trimStart()}::regclass)`;
}
