/** Who may do what with the objects of a random world. */

import { quoteIdentifier, quotePath } from "../../src/sql/identifier.js";
import { type Move, Picks } from "./random-picks.js";
import type { Action, InSchema, World } from "./random-schema.js";

/** Something granted on an object, or taken from everybody. */
export interface Right {
  readonly key: number;
  /** An object, by its key. */
  on: number;
  picks: Move;
}

/** The roles that are given something; the tests make them. */
export const randomRoles = ["random_reader", 'random "odd'];

interface Securable extends InSchema {
  readonly key: number;
}

const securables = ({ tables, views, types, sequences, routines }: World): readonly Securable[] => [
  ...[...tables, ...views, ...types],
  ...[...sequences, ...routines],
];

export const rightAdditions: readonly Action[] = [
  (world, picks) => {
    const object = picks.of(securables(world));
    if (object) world.rights.push({ key: world.next++, on: object.key, picks: picks.rest() });
  },
];

export const rightEdits: readonly Action[] = [
  (world, picks) => {
    const right = picks.of(world.rights);
    if (right) right.picks = picks.rest();
  },
  (world, picks) => {
    if (world.rights.length > 0) world.rights.splice(picks.below(world.rights.length), 1);
  },
];

/** Statements that grant, revoke and label; some of them PostgreSQL will refuse, as it does labels without their provider. */
export function rightStatements(world: World): readonly string[] {
  const { tables, views, sequences, routines } = world;
  return world.rights.flatMap((right) => {
    const object = securables(world).find(({ key }) => key === right.on);
    if (object === undefined) return [];
    const picks = new Picks(right.picks);
    const path = quotePath([object.schema, object.name]);
    const has = (list: readonly Securable[]) => list.some(({ key }) => key === right.on);
    const word = has(sequences) ? "SEQUENCE" : has(routines) ? "FUNCTION" : "TYPE";
    if (picks.oneIn(4)) {
      const column = picks.of(tables.find(({ key }) => key === right.on)?.columns ?? []);
      const view = views.find(({ key }) => key === right.on);
      const whole = view ? (view.materialized ? "MATERIALIZED VIEW" : "VIEW") : has(tables) ? "TABLE" : word;
      const on = column && picks.oneIn(2) ? `COLUMN ${path}.${quoteIdentifier(column.name)}` : `${whole} ${path}`;
      return [`SECURITY LABEL FOR anon ON ${on} IS '${picks.below(3)}'`];
    }
    const role = picks.oneIn(4) ? "PUBLIC" : quoteIdentifier(picks.of(randomRoles) ?? "");
    const option = role !== "PUBLIC" && picks.oneIn(3) ? " WITH GRANT OPTION" : "";
    if (has(tables) || has(views)) {
      const column = picks.of(tables.find(({ key }) => key === right.on)?.columns ?? []);
      const part = column && picks.oneIn(2) ? ` (${quoteIdentifier(column.name)})` : "";
      const granted = picks.of(
        part === "" ? ["SELECT", "INSERT", "DELETE", "ALL"] : ["SELECT", "UPDATE", "REFERENCES"],
      );
      return [`GRANT ${granted}${part} ON TABLE ${path} TO ${role}${option}`];
    }
    return picks.oneIn(3)
      ? [`REVOKE ALL ON ${word} ${path} FROM PUBLIC`]
      : [`GRANT ${picks.of(["USAGE", "ALL", "EXECUTE"])} ON ${word} ${path} TO ${role}${option}`];
  });
}
