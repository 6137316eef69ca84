/** Two models that lead to each other and both have `constraints: (c) => …`: their relationships say their types (TS2506 without). */

import { declarativeBase, index, integer, many, one, type RelationDef, text } from "athanor";

const Base = declarativeBase({ columns: { id: integer().primaryKey().identity() } });
export class A extends Base.model(
  { title: text(), bId: integer().references("b.id") },
  {
    get b(): RelationDef<B> {
      return one(B);
    },
  },
  { constraints: (c) => [index(c.title)] },
) {}
export class B extends Base.model(
  { label: text() },
  {
    get as(): RelationDef<A[]> {
      return many(A);
    },
  },
  { constraints: (c) => [index(c.label)] },
) {}
const a = new A({ title: "x", bId: 1 });
export const t: string = a.b.as[0]!.b.label;
