/** Values of a type that hold others, carried over to the type's successor. */

import type { CatalogObject } from "../catalog/catalog.js";
import { AthanorError } from "../errors.js";
import { displayName } from "../sql/identifier.js";
import type { PlanContext } from "./kind.js";

/**
 * As text, in which a label can't be told from other text: so none inside can be replaced.
 *
 * @throws AthanorError `plan.labels`, once a column's values are to be carried
 */
export function carryWhole(
  from: CatalogObject,
  _to: CatalogObject,
  context: PlanContext,
): (expression: string) => string {
  return (expression) => {
    const inside = context.swapsUnder(from.id).find(({ changesValues }) => changesValues);
    if (inside === undefined) return `${expression}::text`;
    throw new AthanorError(
      "plan.labels",
      `Labels of enum ${displayName(inside.from.path)} are to be replaced, and ${from.kind} ${displayName(from.path)} holds some, as does a column of it: no cast reaches them there. Change those rows in a migration of its own first (orm migrate generate --empty), and leave the replacement out; or say in the model how values become the column's new type: .using(sql\`…\`).`,
    );
  };
}
