/** Values of a type that hold others, carried over to the type's successor. */

import type { CatalogObject } from "../catalog/catalog.js";
import { AthanorError } from "../errors.js";
import { displayName } from "../sql/identifier.js";
import type { PlanContext } from "./kind.js";

/**
 * As text, in which what is inside can't be told from other text: so it can't be changed.
 *
 * @throws AthanorError `plan.unreachable`, once a column's values are to be carried
 */
export function carryWhole(
  from: CatalogObject,
  _to: CatalogObject,
  context: PlanContext,
): (expression: string) => string {
  return (expression) => {
    const inside = context.swapsUnder(from.id).find(({ changesValues }) => changesValues);
    return inside === undefined ? `${expression}::text` : unreachable(inside.from, from);
  };
}

/** @throws AthanorError `plan.unreachable` */
export function unreachable(changed: CatalogObject, holder: CatalogObject): never {
  const what = `${changed.kind} ${displayName(changed.path)}`;
  const where = changed === holder ? "an array" : `${holder.kind} ${displayName(holder.path)}`;
  throw new AthanorError(
    "plan.unreachable",
    `Values of ${what} have to change (a label is replaced, or an attribute is in another place), and a column holds some inside ${where}, where no cast reaches them. Change those rows in a migration of its own first (orm migrate generate --empty), or say in the model how values become the column's new type: .using(sql\`…\`).`,
  );
}
