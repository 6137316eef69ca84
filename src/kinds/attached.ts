/** What hangs on a table or a view, has a name of its own there and may be switched off: triggers, rules, policies. */

import type { CatalogObject } from "../catalog/catalog.js";
import type { Declarations, Named, RuleDeclaration, TriggerDeclaration } from "../model/declarations.js";
import { displayName, quoteIdentifier, quotePath } from "../sql/identifier.js";
import type { Kind, Statement } from "./kind.js";
import { stringCode } from "./source.js";
import { alterTable } from "./statements.js";

/** What things hang on, and the CTE of the managed ones. */
export interface Carrier {
  readonly kind: "table" | "view";
  readonly relations: string;
}

/** When it fires, where that is not the usual: in sessions that don't replicate. */
export type FiringState = "disabled" | "replica" | "always";

/** What both tables and views have. */
type CarrierDeclaration = Named & {
  readonly triggers: readonly TriggerDeclaration[];
  readonly rules: readonly RuleDeclaration[];
};

/** The declarations of a carrier's kind. */
export function carriersOf({ tables, views }: Declarations, { kind }: Carrier): readonly CarrierDeclaration[] {
  return kind === "table" ? tables : views;
}

/** The field `state` over a column such as `tgenabled`. */
export function stateField(enabled: string): string {
  return `CASE ${enabled} WHEN 'D' THEN 'disabled' WHEN 'R' THEN 'replica' WHEN 'A' THEN 'always' END`;
}

/** `DISABLE`, as after ALTER. */
export function stateAction(state: FiringState | undefined): string {
  if (state === undefined) return "ENABLE";
  return { disabled: "DISABLE", replica: "ENABLE REPLICA", always: "ENABLE ALWAYS" }[state];
}

/** The statement that makes it fire as it is to; `before`: as it does. */
export function firingState(
  word: "TRIGGER" | "RULE",
  { path, definition: { state } }: CatalogObject<{ readonly state?: FiringState }>,
  before: FiringState | undefined,
): readonly Statement[] {
  if (state === before) return [];
  return [{ sql: alterTable(path, `${stateAction(state)} ${word} ${quoteIdentifier(path[2] ?? "")}`) }];
}

/** The option `enabled`, as models say it. */
export function enabledCode(state: FiringState | undefined): string | null {
  if (state === undefined) return null;
  return state === "disabled" ? "false" : stringCode(state);
}

/** What the kinds of them say alike. `word`: as after DROP. Those of views are told apart by their parent only. */
export function attachedBase(word: "trigger" | "rule" | "policy", carrier: Carrier) {
  const target = (path: readonly string[]) =>
    `${word.toUpperCase()} ${quoteIdentifier(path[2] ?? "")} ON ${quotePath(path.slice(0, 2))}`;
  return {
    name: carrier.kind === "table" ? word : `${carrier.kind} ${word}`,
    parent: carrier.kind,
    drop: ({ path }) => [{ sql: `DROP ${target(path)}` }],
    rename: ({ path }, name) => `ALTER ${target(path)} RENAME TO ${quoteIdentifier(name)}`,
    renamesFreely: true,
    commentTarget: ({ path }) => target(path),
    bindsColumns: () => true,
    describe: (_object, path) => `${word} ${displayName(path)}`,
  } satisfies Partial<Kind>;
}
