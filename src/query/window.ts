/** Windows: what a function is computed over, row by row. */

import type { SqlFragment, SqlWriter } from "../sql/fragment.js";
import { listed, writeParts } from "../sql/operand.js";

/**
 * Where a frame begins or ends: null without bound, 0 the current row, negative before it, positive after it. For `range`,
 * SQL such as an interval may say how far: `{ preceding: sql`interval '1 day'` }`.
 */
export type FrameBound = null | number | { readonly preceding: SqlFragment } | { readonly following: SqlFragment };

export interface Frame {
  readonly mode: "rows" | "range" | "groups";
  readonly from: FrameBound;
  readonly to: FrameBound;
  readonly exclude?: "current row" | "group" | "ties";
}

export interface WindowSpec {
  readonly partitionBy?: readonly SqlFragment[];
  readonly orderBy?: readonly SqlFragment[];
  readonly frame?: Frame;
}

// What is given by name is looked up, so that no text of a caller's becomes SQL.
const modes = { rows: "ROWS", range: "RANGE", groups: "GROUPS" };
const exclusions = { "current row": "CURRENT ROW", group: "GROUP", ties: "TIES" };

/** `(PARTITION BY "posts"."user_id" ORDER BY "posts"."id" ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)`. */
export function writeWindow({ partitionBy = [], orderBy = [], frame }: WindowSpec, writer: SqlWriter): void {
  const clauses: (() => void)[] = [];
  if (partitionBy.length > 0) clauses.push(() => writeParts(["PARTITION BY ", ...listed(partitionBy)], writer));
  if (orderBy.length > 0) clauses.push(() => writeParts(["ORDER BY ", ...listed(orderBy)], writer));
  if (frame !== undefined) clauses.push(() => writeFrame(frame, writer));
  writer.text("(");
  for (const [i, write] of clauses.entries()) {
    if (i > 0) writer.text(" ");
    write();
  }
  writer.text(")");
}

function writeFrame({ mode, from, to, exclude }: Frame, writer: SqlWriter): void {
  writer.text(`${modes[mode]} BETWEEN `);
  writeBound(from, "PRECEDING", writer);
  writer.text(" AND ");
  writeBound(to, "FOLLOWING", writer);
  if (exclude !== undefined) writer.text(` EXCLUDE ${exclusions[exclude]}`);
}

function writeBound(bound: FrameBound, side: string, writer: SqlWriter): void {
  if (bound === null) writer.text(`UNBOUNDED ${side}`);
  else if (bound === 0) writer.text("CURRENT ROW");
  else if (typeof bound === "number") {
    writer.value(Math.abs(bound));
    writer.text(bound < 0 ? " PRECEDING" : " FOLLOWING");
  } else if ("preceding" in bound) writeParts([bound.preceding, " PRECEDING"], writer);
  else writeParts([bound.following, " FOLLOWING"], writer);
}
