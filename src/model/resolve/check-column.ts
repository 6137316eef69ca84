import type { Problems } from "../problems.js";
import type { ColumnMetadata } from "./read.js";

/** What a column says of itself must not contradict itself. */
export function checkColumn({ spec, origin }: ColumnMetadata, problems: Problems): void {
  const contradict = (message: string) => problems.add("model.column_contradiction", `${origin} ${message}`);
  if (spec.identity !== null) {
    if (spec.serverDefault !== null)
      contradict("is an identity column and has a server default; PostgreSQL takes one of them, remove the other.");
    if (spec.nullable) contradict("is an identity column and nullable; an identity is never null, remove .nullable().");
    if (!["smallint", "integer", "bigint"].includes(spec.type.sql(null)))
      contradict(`is an identity column of type ${spec.type.sql(null)}; take smallint(), integer() or bigint().`);
  }
  if (spec.type.serial) {
    if (spec.identity !== null) contradict("is both serial and an identity column; take integer().identity().");
    if (spec.serverDefault !== null)
      contradict("is serial and has a server default; serial is a default itself, remove one of them.");
    if (spec.nullable) contradict("is serial and nullable; serial makes a column NOT NULL, remove .nullable().");
  }
  if (spec.generated !== null) {
    const others = [
      spec.serverDefault !== null && "a server default",
      spec.default !== null && "a default",
      spec.onUpdate !== null && "a value on update",
      (spec.identity !== null || spec.type.serial) && "a sequence",
    ].filter((other) => other !== false);
    for (const other of others)
      contradict(
        `is generated from other columns and has ${other}; a generated column takes no other value, remove it.`,
      );
  }
  if (
    spec.statistics !== null &&
    !(Number.isInteger(spec.statistics) && spec.statistics >= 0 && spec.statistics <= 10000)
  )
    contradict(`has a statistics target of ${spec.statistics}; it must be a whole number from 0 to 10000.`);
}
