/** Privileges of one role on one object, and the statements that turn some into others. */

import { quoteIdentifier } from "../sql/identifier.js";
import type { Statement } from "./kind.js";
import { callCode, objectCode, type SourceContext, stringCode, stringList } from "./source.js";

/** Privilege → whether with the grant option. */
export type Privileges = Readonly<Record<string, boolean>>;

export interface GrantDefinition {
  /** On the object as a whole. */
  readonly privileges?: Privileges;
  /** On columns, by their names. */
  readonly columns?: Readonly<Record<string, Privileges>>;
}

/** What stands around the privileges: `GRANT select ON TABLE "t" TO "app"`. */
export interface GrantFrame {
  /** Before GRANT and REVOKE. */
  readonly prefix?: string;
  /** As after ON. */
  readonly on: string;
  /** A role; `public`: everybody. */
  readonly grantee: string;
}

/** Statements that turn one role's privileges into others. */
export function privilegeChanges(from: GrantDefinition, to: GrantDefinition, frame: GrantFrame): readonly Statement[] {
  const [before, after] = [entriesOf(from), entriesOf(to)];
  const gone = before.filter((entry) => !after.some((other) => isSame(entry, other)));
  // Taken from the whole object, a privilege is gone from its columns as well.
  const left = before.filter((entry) => !gone.some((other) => other.privilege === entry.privilege && !other.column));
  const lessened = after.filter(
    (entry) => !entry.grantable && left.some((other) => isSame(entry, other) && other.grantable),
  );
  const added = after.filter(
    (entry) => !left.some((other) => isSame(entry, other) && (other.grantable || !entry.grantable)),
  );
  return [
    ...statement(
      "REVOKE",
      gone.filter((entry) => !gone.some((other) => covers(other, entry))),
      frame,
    ),
    ...statement("REVOKE GRANT OPTION FOR", lessened, frame),
    ...statement(
      "GRANT",
      added.filter(({ grantable }) => !grantable),
      frame,
    ),
    ...statement(
      "GRANT",
      added.filter(({ grantable }) => grantable),
      frame,
      " WITH GRANT OPTION",
    ),
  ];
}

interface Entry {
  readonly privilege: string;
  readonly column: string | null;
  readonly grantable: boolean;
}

function entriesOf({ privileges = {}, columns = {} }: GrantDefinition): readonly Entry[] {
  const entries = (given: Privileges, column: string | null) =>
    Object.entries(given).map(([privilege, grantable]): Entry => ({ privilege, column, grantable }));
  return [
    ...entries(privileges, null),
    ...Object.entries(columns).flatMap(([column, given]) => entries(given, column)),
  ];
}

function isSame(a: Entry, b: Entry): boolean {
  return a.privilege === b.privilege && a.column === b.column;
}

function covers(whole: Entry, part: Entry): boolean {
  return whole.column === null && part.column !== null && whole.privilege === part.privilege;
}

function statement(
  verb: string,
  entries: readonly Entry[],
  { prefix, on, grantee }: GrantFrame,
  end = "",
): Statement[] {
  if (entries.length === 0) return [];
  const whole = entries.filter(({ column }) => column === null).map(({ privilege }) => privilege.toUpperCase());
  const columns = new Map<string, string[]>();
  for (const { privilege, column } of entries)
    if (column !== null) columns.set(privilege, [...(columns.get(privilege) ?? []), column]);
  const parts = [...columns].map(
    ([privilege, names]) => `${privilege.toUpperCase()} (${names.map(quoteIdentifier).join(", ")})`,
  );
  const who = grantee === "public" ? "PUBLIC" : quoteIdentifier(grantee);
  const head = prefix === undefined ? verb : `${prefix} ${verb}`;
  return [
    { sql: `${head} ${[...whole, ...parts].join(", ")} ON ${on} ${verb === "GRANT" ? "TO" : "FROM"} ${who}${end}` },
  ];
}

/**
 * Calls of `grant()` that say the same.
 *
 * @param property what models call a column.
 */
export function grantCodes(
  grantee: string,
  { privileges = {}, columns = {} }: GrantDefinition,
  context: Pick<SourceContext, "use">,
  property: (column: string) => string = (column) => column,
): readonly string[] {
  const calls = new Map<
    string,
    { readonly words: string[]; readonly grantable: boolean; readonly columns: string[] | null }
  >();
  const add = (given: Privileges, names: string[] | null) => {
    for (const [privilege, grantable] of Object.entries(given)) {
      const key = JSON.stringify([grantable, names]);
      const call = calls.get(key) ?? { words: [], grantable, columns: names };
      call.words.push(privilege);
      calls.set(key, call);
    }
  };
  add(privileges, null);
  for (const [column, given] of Object.entries(columns)) add(given, [property(column)]);
  return [...joinedColumns([...calls.values()])].map(({ words, grantable, columns: names }) =>
    callCode(
      context.use("grant"),
      oneOrList(words),
      objectCode({
        to: stringCode(grantee),
        columns: names === null ? null : stringList(names),
        withGrantOption: grantable ? "true" : null,
      }),
    ),
  );
}

interface GrantCall {
  readonly words: readonly string[];
  readonly grantable: boolean;
  readonly columns: readonly string[] | null;
}

/** Columns on which the same is granted stand in one call. */
function joinedColumns(calls: readonly GrantCall[]): readonly GrantCall[] {
  const joined = new Map<string, GrantCall>();
  for (const call of calls) {
    const key = JSON.stringify([call.words, call.grantable, call.columns === null]);
    const known = joined.get(key);
    joined.set(key, known?.columns && call.columns ? { ...known, columns: [...known.columns, ...call.columns] } : call);
  }
  return [...joined.values()];
}

function oneOrList(words: readonly string[]): string {
  const [first = ""] = words;
  return words.length === 1 ? stringCode(first) : stringList(words);
}
