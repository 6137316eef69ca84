import { AthanorError } from "../errors.js";
import type { SqlFragment } from "../sql/fragment.js";
import { literal } from "../sql/literal.js";
import { LiteralWriter } from "../sql/writer.js";

export interface Problem {
  /** `model.*`: stable and documented. */
  readonly code: string;
  /** A sentence that names the model and the column, and says what to do. */
  readonly message: string;
}

/** What is wrong with the models, all of it. `code` is the problem's own where there is one, else `model.invalid`. */
export class ModelError extends AthanorError {
  override readonly name = "ModelError";
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    const [first] = problems;
    if (first !== undefined && problems.length === 1) super(first.code, first.message);
    else {
      const lines = problems.map((problem) => `\n  - ${problem.message} [${problem.code}]`);
      super("model.invalid", `The models have ${problems.length} problems:${lines.join("")}`);
    }
    this.problems = problems;
  }
}

/** Collects what is wrong, so that one load tells all of it. */
export class Problems {
  private readonly found = new Map<string, Problem>();

  /** The same sentence twice counts once. */
  add(code: string, message: string): void {
    this.found.set(message, { code, message });
  }

  get list(): readonly Problem[] {
    return [...this.found.values()];
  }

  /** @throws ModelError with all of them, if there are any. */
  throwIfAny(): void {
    if (this.found.size > 0) throw new ModelError(this.list);
  }

  /** What `work` gives, or null with a problem that carries the sentence of what it threw. */
  attempt<T>(code: string, where: string, work: () => T): T | null {
    try {
      return work();
    } catch (error) {
      this.add(code, `${where}: ${error instanceof Error ? error.message : String(error)}`);
      return null;
    }
  }

  /** What `work` gives, or null with a problem where something is of a shape that no code expects. */
  shaped<T>(where: string, work: () => T): T | null {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      this.add(
        "model.shape",
        `${where} has something that its type does not allow, as the compiler would tell (tsc --noEmit): ${error.message}.`,
      );
      return null;
    }
  }

  /** The same for each of several things: what was made, without those that it could not be made of. */
  shapedEach<Item, Made>(
    items: readonly Item[],
    labelOf: (item: Item) => string,
    make: (item: Item) => Made,
  ): readonly Made[] {
    return items.flatMap((item) => this.shaped(labelOf(item), () => [make(item)]) ?? []);
  }

  /** SQL as it is to stand in DDL. An undefined in it, such as a misspelt column, is a problem, not a NULL. */
  sql(fragment: SqlFragment, where: string): string {
    const text = this.attempt("model.sql", where, () => {
      const writer = new LiteralWriter(({ value }) => definedLiteral(value));
      fragment.writeSql(writer);
      return writer.finish();
    });
    return text ?? "NULL";
  }
}

function definedLiteral(value: unknown): string {
  if (value === undefined)
    throw new TypeError("its SQL has a hole with undefined in it; is a column misspelt? For NULL, write null.");
  return literal(value);
}
