import type { CatalogObject } from "../catalog/catalog.js";
import { stringCode } from "../kinds/source.js";

/** `.comment("…")`, or nothing. */
export function commentCall({ comment }: CatalogObject): string {
  return comment === null ? "" : `.comment(${stringCode(comment)})`;
}
