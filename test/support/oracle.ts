/**
 * The oracle: an independent description of all that is in a database, for comparing two. It lies beside the project
 * and shares no code with it; see `../shared/oracle/README.md`.
 */

import { existsSync } from "node:fs";
import path from "node:path";
import type { TestContext } from "node:test";
import { pathToFileURL } from "node:url";
import type pg from "pg";
import { sharedRoot } from "./project.js";
import { withClient } from "./query.js";

/** What to compare beyond the usual, and what to leave out. */
export interface FingerprintOptions {
  readonly excludeSchemas?: readonly string[];
  /** Tables by `name` or `schema.name`, with all that hangs on them. */
  readonly excludeTables?: readonly string[];
  /** Privileges. */
  readonly acl?: boolean;
  readonly owners?: boolean;
  /** Names of not-null constraints, where PostgreSQL keeps them. */
  readonly notnullNames?: boolean;
  readonly columnOrder?: boolean;
  /** Schema and version of extensions. */
  readonly extensionDetail?: boolean;
  readonly inheritanceLocality?: boolean;
  /** Whether materialized views are populated. */
  readonly populated?: boolean;
  /** The server's own text of expressions. */
  readonly raw?: boolean;
  /** `false` inside an open transaction: the oracle then begins none of its own. */
  readonly transaction?: boolean;
}

/** A database, described. */
export interface Fingerprint {
  readonly text: string;
  readonly hash: string;
  /** By "kind identity". */
  readonly entries: ReadonlyMap<string, string>;
  /** How many of each kind. */
  readonly kinds: Readonly<Record<string, number>>;
}

interface Difference {
  readonly key: string;
  readonly kind: string;
  readonly status: "missing" | "extra" | "changed";
}

interface Oracle {
  fingerprint(client: pg.ClientBase, options: FingerprintOptions): Promise<Fingerprint>;
  diffFingerprints(a: Fingerprint, b: Fingerprint): Difference[];
  renderDiff(differences: readonly Difference[]): string;
}

const location = path.join(sharedRoot, "oracle/fingerprint.mjs");

/** Whether the oracle and the corpus are there: the project is whole without them, its tests are fewer. */
export function sharedAvailable(): boolean {
  return existsSync(location);
}

/**
 * Skips a test, saying why, where the oracle and the corpus are absent.
 *
 * ```ts
 * if (skipWithoutShared(t)) return;
 * ```
 */
export function skipWithoutShared(t: TestContext): boolean {
  if (sharedAvailable()) return false;
  t.skip(`needs ${path.relative(process.cwd(), sharedRoot)}, which is absent`);
  return true;
}

async function oracle(): Promise<Oracle> {
  return (await import(pathToFileURL(location).href)) as Oracle;
}

/** Describes the database at a URL, or the one that a client is connected to. */
export async function fingerprintOf(
  database: string | pg.ClientBase,
  options: FingerprintOptions = {},
): Promise<Fingerprint> {
  const { fingerprint } = await oracle();
  if (typeof database !== "string") return fingerprint(database, options);
  return withClient(database, (client) => fingerprint(client, options));
}

/**
 * What separates two databases, as a readable diff: `-` is in the first only, `+` in the second only; "" when they are
 * equal. `kinds` narrows it to some kinds of object, by the oracle's names; `keep` by the key, such as `column public.t.a`.
 */
export async function differences(
  a: string | Fingerprint,
  b: string | Fingerprint,
  options: FingerprintOptions & {
    readonly kinds?: (kind: string) => boolean;
    readonly keep?: (key: string) => boolean;
  } = {},
): Promise<string> {
  const { kinds = () => true, keep = () => true, ...rest } = options;
  const { diffFingerprints, renderDiff } = await oracle();
  const [before, after] = await Promise.all(
    [a, b].map((side) => (typeof side === "string" ? fingerprintOf(side, rest) : side)),
  );
  return renderDiff(diffFingerprints(before!, after!).filter(({ kind, key }) => kinds(kind) && keep(key)));
}
