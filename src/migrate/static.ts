/**
 * Reads a migration module without running it, where it is of the form that we write: imports from athanor, a comment,
 * `export default migration({ … })` with plain statements, and nothing else. What such a file does is all in its text.
 */

import { type Step, type Steps, statementStep } from "./step.js";

export interface StaticMigration extends Steps {
  readonly parent: string | null;
  readonly description: string | null;
}

/** A module's steps, parent and description by its text alone; null where it is not of the generated form. */
export function readStatically(source: string): StaticMigration | null {
  try {
    return new Reader(source).file();
  } catch (error) {
    if (error instanceof OtherForm) return null;
    throw error;
  }
}

/** What can be told of any module that says `export default migration({ parent: …`; null where it does not. */
export function readHead(source: string): Pick<StaticMigration, "parent" | "description"> | null {
  const starts = [...source.matchAll(/^export default migration\(\{\s*parent: (?:(null)|"([^"\\\n]*)"),/gm)];
  const [start] = starts;
  // A second one stands in a comment or a text, and so may the first.
  if (start === undefined || starts.length > 1) return null;
  const before = source.slice(0, start.index).trimEnd();
  const comment = before.endsWith("*/") ? before.slice(before.lastIndexOf("/*")) : "";
  return { parent: start[2] ?? null, description: textOfComment(comment) };
}

/** Thrown and caught in this file only. */
class OtherForm extends Error {}

const token =
  /\s+|\/\/[^\n\u2028\u2029]*|\/\*[\s\S]*?\*\/|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\$]|\\[\s\S]|\$(?!\{))*`|[A-Za-z]+|[[\](){},:;]/y;

class Reader {
  readonly #tokens: readonly string[];
  #at = 0;
  /** The comments since the last token that was taken. */
  #comments: string[] = [];

  constructor(source: string) {
    this.#tokens = tokensOf(source.replace(/^\uFEFF/, "").replace(/\r\n?/g, "\n"));
  }

  file(): StaticMigration {
    while (this.#peek() === "import") this.#import();
    this.#peek();
    const description = textOfComment(this.#comments.findLast((comment) => comment.startsWith("/**")) ?? "");
    this.#take("export", "default", "migration", "(");
    const read = this.#definition();
    this.#take(")");
    if (this.#peek() === ";") this.#next();
    if (this.#peek() !== undefined) throw new OtherForm();
    return { ...read, description };
  }

  #import(): void {
    this.#take("import", "{");
    while (this.#peek() !== "}") {
      this.#word();
      if (this.#peek() === ",") this.#next();
    }
    this.#take("}", "from", '"athanor"', ";");
  }

  #definition(): Omit<StaticMigration, "description"> {
    const fields = new Map<string, unknown>();
    let parent: string | null = null;
    let up: readonly Step[] = [];
    let down: Steps["down"] = [];
    let transaction = true;
    this.#take("{");
    while (this.#peek() !== "}") {
      const name = this.#word();
      if (fields.has(name)) throw new OtherForm();
      fields.set(name, true);
      this.#take(":");
      if (name === "parent") parent = this.#peek() === "null" ? this.#skip(null) : this.#string();
      else if (name === "up") up = this.#steps();
      else if (name === "down") down = this.#peek() === "irreversible" ? this.#irreversible() : this.#steps();
      else if (name === "transaction") transaction = this.#boolean();
      else throw new OtherForm();
      if (this.#peek() !== "}") this.#take(",");
    }
    this.#take("}");
    if (!["parent", "up", "down"].every((name) => fields.has(name))) throw new OtherForm();
    const outside = (step: Step) => (transaction ? step : { ...step, outside: true });
    return { parent, up: up.map(outside), down: "irreversible" in down ? down : down.map(outside), transaction };
  }

  #steps(): Step[] {
    const steps: Step[] = [];
    this.#take("[");
    while (this.#peek() !== "]") {
      steps.push(this.#step());
      if (this.#peek() !== "]") this.#take(",");
    }
    this.#take("]");
    return steps;
  }

  #step(): Step {
    const wrapper = this.#peek();
    const isWrapped = wrapper === "outsideTransaction" || wrapper === "onServer";
    const sentence = this.#comments.map((comment) => comment.replace(/^\/\/\s*/, "").trim()).join(" ");
    if (isWrapped) this.#take(wrapper, "(");
    this.#take("sql");
    const statement = cooked(this.#next());
    if (isWrapped) {
      if (this.#peek() === ",") this.#next();
      this.#take(")");
    }
    return {
      ...statementStep(statement, wrapper === "outsideTransaction", sentence || null),
      ...(wrapper === "onServer" ? { ofServer: true } : {}),
    };
  }

  #irreversible(): { irreversible: string } {
    this.#take("irreversible", "(");
    const reason = this.#string();
    if (this.#peek() === ",") this.#next();
    this.#take(")");
    return { irreversible: reason };
  }

  #string(): string {
    const text = this.#next();
    try {
      const value: unknown = JSON.parse(text);
      if (typeof value === "string") return value;
    } catch {
      // JavaScript knows escapes that JSON does not; we write none of them.
    }
    throw new OtherForm();
  }

  #boolean(): boolean {
    const word = this.#word();
    if (word !== "true" && word !== "false") throw new OtherForm();
    return word === "true";
  }

  #word(): string {
    const word = this.#next();
    if (!/^[A-Za-z]+$/.test(word)) throw new OtherForm();
    return word;
  }

  #skip<T>(value: T): T {
    this.#next();
    return value;
  }

  #take(...expected: readonly string[]): void {
    for (const text of expected) if (this.#next() !== text) throw new OtherForm();
  }

  #next(): string {
    const text = this.#peek();
    if (text === undefined) throw new OtherForm();
    this.#at++;
    this.#comments = [];
    return text;
  }

  #peek(): string | undefined {
    for (let text = this.#tokens[this.#at]; text?.startsWith("/"); text = this.#tokens[++this.#at])
      this.#comments.push(text);
    return this.#tokens[this.#at];
  }
}

function tokensOf(source: string): readonly string[] {
  const tokens: string[] = [];
  token.lastIndex = 0;
  while (token.lastIndex < source.length) {
    const text = token.exec(source)?.[0];
    if (text === undefined) throw new OtherForm();
    if (text.trim() !== "") tokens.push(text);
  }
  return tokens;
}

const escapes: Readonly<Record<string, string>> = { "\\": "\\", "`": "`", $: "$", n: "\n", r: "\r", t: "\t" };

/** What a template literal without holes stands for. */
function cooked(literal: string): string {
  if (!literal.startsWith("`")) throw new OtherForm();
  return literal.slice(1, -1).replace(/\\([\s\S])/g, (_, character: string) => {
    const meant = escapes[character];
    if (meant === undefined) throw new OtherForm();
    return meant;
  });
}

/** The words of a JSDoc comment, without its stars. */
function textOfComment(comment: string): string | null {
  if (!comment.startsWith("/**")) return null;
  const lines = comment.slice(3, -2).split("\n");
  const text = lines.map((line) => line.replace(/^\s*\* ?/, "").trimEnd());
  return text.join("\n").trim().replaceAll("*\\/", "*/") || null;
}
