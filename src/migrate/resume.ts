/**
 * A step outside a transaction that had begun when its runner died: was it done? Where the statement tells what it makes,
 * the catalogs answer.
 */

import type { SqlSession } from "../session/sql-session.js";
import { displayName, quotePath } from "../sql/identifier.js";
import { sql } from "../sql/sql.js";
import { firstTokens } from "./statements.js";

/** `again`: it was not done, or may be done twice. */
export type Verdict = "done" | "again" | "unknown";

const repeatable = new Set(["analyze", "checkpoint", "cluster", "refresh", "reindex", "vacuum"]);

export async function verdictOn(session: SqlSession, statement: string): Promise<Verdict> {
  const tokens = new Tokens(statement);
  const index = concurrentIndex(statement);
  if (index) return (await indexIsValid(session, index)) ? "done" : "again";
  if (tokens.take("drop", "index", "concurrently")) {
    tokens.take("if", "exists");
    return (await relationExists(session, tokens.path())) ? "again" : "done";
  }
  if (tokens.take("alter", "type")) return labelVerdict(session, tokens);
  if (repeatable.has(firstTokens(statement, 1)[0] ?? "")) return "again";
  return /\bif (not )?exists\b/.test(firstTokens(statement, 8).join(" ")) ? "again" : "unknown";
}

/**
 * Drops the invalid index that a `CREATE INDEX CONCURRENTLY` leaves when it is cut short; it would be in the way of the
 * next one, or be taken for the real one by `IF NOT EXISTS`.
 *
 * @returns the index's name; null where there is none.
 */
export async function dropInvalidIndex(session: SqlSession, statement: string): Promise<string | null> {
  const index = concurrentIndex(statement);
  if (index === null) return null;
  const found = await session.executeAutocommit(sql<[string, string]>`
    SELECT n.nspname::text, c.relname::text ${fromIndex(index)} AND NOT i.indisvalid`);
  const path = found.first();
  if (path === null) return null;
  await session.executeAutocommit(sql`DROP INDEX CONCURRENTLY ${sql.identifier(...path)}`);
  return displayName(path);
}

interface ConcurrentIndex {
  readonly name: string;
  readonly table: readonly string[];
}

function concurrentIndex(statement: string): ConcurrentIndex | null {
  const tokens = new Tokens(statement);
  if (!tokens.take("create", "unique", "index", "concurrently") && !tokens.take("create", "index", "concurrently"))
    return null;
  tokens.take("if", "not", "exists");
  const [name, ...more] = tokens.path();
  if (name === undefined || more.length > 0 || !tokens.take("on")) return null;
  tokens.take("only");
  return { name, table: tokens.path() };
}

function fromIndex({ name, table }: ConcurrentIndex) {
  return sql`FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relname = ${name} AND i.indrelid = to_regclass(${quotePath(table)})`;
}

async function indexIsValid(session: SqlSession, index: ConcurrentIndex): Promise<boolean> {
  const found = await session.executeAutocommit(sql`SELECT 1 ${fromIndex(index)} AND i.indisvalid`);
  return found.first() !== null;
}

async function labelVerdict(session: SqlSession, tokens: Tokens): Promise<Verdict> {
  const type = tokens.path();
  if (!tokens.take("add", "value")) return "unknown";
  tokens.take("if", "not", "exists");
  const label = /^'(.*)'$/s.exec(tokens.next() ?? "")?.[1]?.replaceAll("''", "'");
  if (label === undefined) return "unknown";
  const found = await session.executeAutocommit(
    sql`SELECT 1 FROM pg_catalog.pg_enum WHERE enumtypid = to_regtype(${quotePath(type)}) AND enumlabel = ${label}`,
  );
  return found.first() === null ? "again" : "done";
}

async function relationExists(session: SqlSession, path: readonly string[]): Promise<boolean> {
  const found = await session.executeAutocommit(sql<[boolean]>`SELECT to_regclass(${quotePath(path)}) IS NOT NULL`);
  return found.scalarOne();
}

/** The beginning of a statement, read from left to right. */
class Tokens {
  readonly #tokens: readonly string[];
  #at = 0;

  constructor(statement: string) {
    this.#tokens = firstTokens(statement, 20);
  }

  next(): string | undefined {
    return this.#tokens[this.#at++];
  }

  /** All of the words, or none of them. */
  take(...words: readonly string[]): boolean {
    const there = words.every((word, i) => this.#tokens[this.#at + i] === word);
    if (there) this.#at += words.length;
    return there;
  }

  /** `public.users`, `"Users"`; empty where no name stands. */
  path(): readonly string[] {
    const path: string[] = [];
    while (/^["\p{L}_]/u.test(this.#tokens[this.#at] ?? "") && this.#tokens[this.#at] !== "on") {
      path.push(unquoted(this.next() ?? ""));
      if (!this.take(".")) break;
    }
    return path;
  }
}

function unquoted(name: string): string {
  return name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name;
}
