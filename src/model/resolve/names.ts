/** Which names are taken, and by whom. */

import { displayName, maxIdentifierBytes } from "../../sql/identifier.js";
import type { RoutineNamed } from "../declarations.js";
import type { Problems } from "../problems.js";

/** Tables, indexes, sequences and composite types share one set of names per schema; so do all types. */
export type NameSpace = "relation" | "type";

export class NameBook {
  private readonly owners = new Map<string, string>();
  private readonly constraints = new Map<string, string>();
  /** Constraint names of a whole schema: PostgreSQL's derived names avoid all of them. */
  private readonly constraintsOfSchema = new Set<string>();

  constructor(private readonly problems: Problems) {}

  /** Takes a name in a schema; a problem where another object has it, or where PostgreSQL would cut it. */
  take(space: NameSpace, schema: string, name: string, owner: string): void {
    this.claim(this.owners, [space, schema, name], displayName([schema, name]), name, owner);
  }

  /** Takes a constraint's name: it must be the only one of its table. */
  takeConstraint(schema: string, table: string, name: string, owner: string): void {
    this.claim(this.constraints, [schema, table, name], `the constraint ${displayName([name])}`, name, owner);
    this.constraintsOfSchema.add(JSON.stringify([schema, name]));
  }

  /** Takes a name that is the only one of its sort where it belongs: a trigger's on its table. */
  takePart(word: string, home: readonly string[], name: string, owner: string): void {
    this.claim(this.owners, [word, ...home, name], `the ${word} ${displayName([name])}`, name, owner);
  }

  /** Routines of one name differ by the types of what they are called with. */
  takeRoutine({ schema, name, arguments: all, origin }: RoutineNamed): void {
    const types = all.filter(({ mode }) => mode !== "out").map(({ type }) => type);
    const what = `${displayName([schema, name])}(${types.join(", ")})`;
    this.claim(this.owners, ["routine", schema, name, ...types], what, name, origin);
  }

  isTaken(schema: string, name: string): boolean {
    return this.owners.has(JSON.stringify(["relation", schema, name]));
  }

  isConstraint(schema: string, name: string): boolean {
    return this.constraintsOfSchema.has(JSON.stringify([schema, name]));
  }

  private claim(book: Map<string, string>, path: readonly string[], what: string, name: string, owner: string): void {
    checkName(name, owner, this.problems);
    const key = JSON.stringify(path);
    const other = book.get(key);
    if (other !== undefined)
      this.problems.add(
        "model.name_taken",
        `${other === owner ? `${owner} is declared twice, and` : `${other} and ${owner}`} both are ${what}; give one another name.`,
      );
    book.set(key, owner);
  }
}

/** A name must be one that PostgreSQL keeps whole. */
export function checkName(name: string, owner: string, problems: Problems): void {
  const bytes = Buffer.byteLength(name);
  if (name === "" || name.includes("\0"))
    problems.add(
      "model.name_invalid",
      `${owner} has the name ${JSON.stringify(name)}; a name has no NUL character and is not empty.`,
    );
  else if (bytes > maxIdentifierBytes)
    problems.add(
      "model.name_too_long",
      `${owner} has the name ${JSON.stringify(name)} of ${bytes} bytes, and PostgreSQL keeps ${maxIdentifierBytes}; choose a shorter one.`,
    );
}
