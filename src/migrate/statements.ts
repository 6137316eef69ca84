/**
 * Where one SQL statement ends and the next begins, as psql tells it: by quotes, comments, brackets and the bodies of
 * `BEGIN ATOMIC … END`. It knows no grammar; what the statements mean is PostgreSQL's business.
 */

/** A statement of a script. */
export interface ScriptStatement {
  /** Without its semicolon, and without the comments before it. */
  readonly sql: string;
  /** The comment lines right before it, without their dashes. */
  readonly comments: readonly string[];
  /** The line of the script where it starts, from 1. */
  readonly line: number;
}

/** One token after another: blanks, comments, quoted text, words, and single characters. */
const token =
  /\s+|--[^\n]*|\/\*|(?:[uU]&)?"(?:[^"]|"")*"?|[eE]'(?:[^'\\]|''|\\[\s\S])*'?|'(?:[^']|'')*'?|\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$|[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*|\d+|[\s\S]/y;

interface Token {
  readonly text: string;
  readonly start: number;
  readonly kind: "blank" | "comment" | "word" | "quoted" | "other";
}

function* tokensOf(sql: string): Generator<Token> {
  let at = 0;
  while (at < sql.length) {
    token.lastIndex = at;
    const head = token.exec(sql)?.[0] ?? sql.slice(at);
    const text = sql.slice(at, endOfToken(sql, at, head));
    yield { text, start: at, kind: kindOfToken(text) };
    at += text.length;
  }
}

function endOfToken(sql: string, start: number, head: string): number {
  if (head === "/*") return endOfComment(sql, start);
  if (!/^\$.*\$$/s.test(head)) return start + head.length;
  const close = sql.indexOf(head, start + head.length);
  return close === -1 ? sql.length : close + head.length;
}

/** Comments nest. */
function endOfComment(sql: string, start: number): number {
  const edge = /\/\*|\*\//g;
  edge.lastIndex = start;
  let depth = 0;
  for (let match = edge.exec(sql); match !== null; match = edge.exec(sql)) {
    depth += match[0] === "/*" ? 1 : -1;
    if (depth === 0) return edge.lastIndex;
  }
  return sql.length;
}

function kindOfToken(text: string): Token["kind"] {
  if (/^\s/.test(text)) return "blank";
  if (text.startsWith("--") || text.startsWith("/*")) return "comment";
  if (/^(?:[uUeE]&?)?["']/.test(text) || /^\$.*\$/s.test(text)) return "quoted";
  return /^[A-Za-z_\u0080-\uffff]/.test(text) ? "word" : "other";
}

/** Follows how deep a token stands in brackets and in a body of BEGIN ATOMIC, where a semicolon ends nothing. */
class Depth {
  #brackets = 0;
  #bodies = 0;
  #before = "";

  get inside(): boolean {
    return this.#brackets > 0 || this.#bodies > 0;
  }

  take({ text, kind }: Token): void {
    if (kind === "blank" || kind === "comment") return;
    const word = kind === "word" ? text.toLowerCase() : text;
    if (word === "(") this.#brackets++;
    else if (word === ")") this.#brackets = Math.max(0, this.#brackets - 1);
    else if (word === "atomic" && this.#before === "begin") this.#bodies++;
    else if (word === "case" && this.#bodies > 0) this.#bodies++;
    else if (word === "end" && this.#bodies > 0) this.#bodies--;
    this.#before = word;
  }
}

/** The statements of a script, in order. What is empty or only a comment is none. */
export function splitStatements(script: string): readonly ScriptStatement[] {
  const statements: ScriptStatement[] = [];
  let lead: Token[] = [];
  let start: number | null = null;
  let end = 0;
  let depth = new Depth();
  const finish = () => {
    if (start !== null) statements.push(statementAt(script, start, end, lead));
    lead = [];
    start = null;
    depth = new Depth();
  };
  for (const part of tokensOf(script)) {
    depth.take(part);
    if (part.text === ";" && !depth.inside) finish();
    else if (start === null && (part.kind === "blank" || part.kind === "comment")) lead.push(part);
    else {
      start ??= part.start;
      if (part.kind !== "blank" && part.kind !== "comment") end = part.start + part.text.length;
    }
  }
  finish();
  return statements;
}

function statementAt(script: string, start: number, end: number, lead: readonly Token[]): ScriptStatement {
  return {
    sql: script.slice(start, end),
    comments: commentsBefore(lead),
    line: script.slice(0, start).split("\n").length,
  };
}

/** The `--` lines that no empty line parts from the statement. */
function commentsBefore(lead: readonly Token[]): readonly string[] {
  const comments: string[] = [];
  for (const { text, kind } of lead.toReversed()) {
    if (kind === "blank" ? text.split("\n").length > 2 : !text.startsWith("--")) break;
    if (kind === "comment") comments.unshift(text.slice(2).trim());
  }
  return comments;
}

/** The first tokens of a statement, comments left out: words in lower case, quoted names and other characters as written. */
export function firstTokens(sql: string, count: number): readonly string[] {
  const found: string[] = [];
  for (const { text, kind } of tokensOf(sql)) {
    if (kind === "blank" || kind === "comment") continue;
    found.push(kind === "word" ? text.toLowerCase() : text);
    if (found.length === count) break;
  }
  return found;
}

/** Whether the statement begins or ends a transaction, which is the runner's to do. */
export function controlsTransaction(sql: string): boolean {
  const [first = "", second = "", third = ""] = firstTokens(sql, 3);
  if (first === "rollback" && (second === "to" || third === "to")) return false;
  if (first === "prepare") return second === "transaction";
  return (
    ["begin", "commit", "end", "rollback", "abort"].includes(first) || (first === "start" && second === "transaction")
  );
}
