/** Triggers and rules of a table or a view, as a model's options say them; and event triggers, which stand alone. */

import type { Column } from "../sql/column.js";
import type { SqlFragment } from "../sql/fragment.js";
import type { QualifiedName } from "../sql/ordering.js";
import { type Declares, declare } from "./brand.js";
import type { TriggerEvent } from "./declarations.js";
import type { FunctionDefinition } from "./routines.js";
import type { Labelled } from "./security-labels.js";

/** A function of no arguments: a constant of the models, or its name. */
export type TriggerFunction = Declares<FunctionDefinition> | QualifiedName;

/** Where it is not in ordinary sessions that it fires: never, only in those that replicate, or in all. */
export type Enabled = false | "replica" | "always";

interface CommonOptions {
  /** Left out: it fires in sessions that don't replicate. False: `DISABLE`. */
  readonly enabled?: Enabled;
  readonly comment?: string;
  /** The name that it had before: `ALTER … RENAME TO`, and no question asked. */
  readonly renamedFrom?: string;
}

type Events = TriggerEvent | readonly TriggerEvent[];

/** When it fires: one of the three. */
type Timing =
  | { readonly before: Events; readonly after?: never; readonly insteadOf?: never }
  | { readonly after: Events; readonly before?: never; readonly insteadOf?: never }
  | { readonly insteadOf: Events; readonly before?: never; readonly after?: never };

interface OtherTriggerOptions extends CommonOptions {
  /** UPDATE OF these columns. */
  readonly of?: readonly Column<unknown>[];
  /** Default: `row`. */
  readonly for?: "row" | "statement";
  /** `REFERENCING OLD TABLE AS …`: the rows as they were, of an `after` trigger. */
  readonly oldTable?: string;
  readonly newTable?: string;
  /** WHEN, with the columns of OLD and NEW that the callback is given. */
  readonly when?: SqlFragment;
  readonly call: TriggerFunction;
  /** Texts that the function finds in TG_ARGV. */
  readonly arguments?: readonly string[];
  /** `CREATE CONSTRAINT TRIGGER`. */
  readonly constraint?: boolean;
  /** Of a constraint trigger: whether it may wait for the end of the transaction, or does so from the start. */
  readonly deferrable?: "immediate" | "deferred";
  /** Of a constraint trigger: another table that it is about. */
  readonly from?: QualifiedName;
}

export type TriggerOptions = Timing & OtherTriggerOptions;

export interface Trigger {
  readonly kind: "trigger";
  readonly name: string;
  readonly options: TriggerOptions;
}

/**
 * ```ts
 * triggers: (c, OLD, NEW) => [
 *   trigger("touch", { before: "update", of: [c.email], when: NEW.email.isDistinctFrom(OLD.email), call: touch }),
 * ]
 * // CREATE TRIGGER "touch" BEFORE UPDATE OF "email" ON "users" FOR EACH ROW
 * // WHEN ("new"."email" IS DISTINCT FROM "old"."email") EXECUTE FUNCTION "touch"()
 * ```
 */
export function trigger(name: string, options: TriggerOptions): Trigger {
  return Object.freeze({ kind: "trigger", name, options } as const);
}

/** What a rule does: in place of the statement, or beside it. */
type RuleActions =
  | { readonly instead: SqlFragment | "nothing"; readonly also?: never }
  | { readonly also: SqlFragment; readonly instead?: never };

interface OtherRuleOptions extends CommonOptions {
  readonly on: "insert" | "update" | "delete";
  readonly where?: SqlFragment;
}

export type RuleOptions = RuleActions & OtherRuleOptions;

export interface Rule {
  readonly kind: "rule";
  readonly name: string;
  readonly options: RuleOptions;
}

/**
 * ``rules: (OLD, NEW) => [rule("keep", { on: "delete", where: OLD.paid, instead: "nothing" })]`` →
 * `CREATE RULE "keep" AS ON DELETE TO "orders" WHERE "old"."paid" DO INSTEAD NOTHING`. Several statements stand in
 * parentheses: ``also: sql`(INSERT …; UPDATE …)` ``.
 */
export function rule(name: string, options: RuleOptions): Rule {
  return Object.freeze({ kind: "rule", name, options } as const);
}

export interface EventTriggerOptions extends CommonOptions, Labelled {
  readonly on: "ddl_command_start" | "ddl_command_end" | "table_rewrite" | "sql_drop" | "login";
  /** Commands, such as `CREATE TABLE`; left out: all. */
  readonly tags?: readonly string[];
  readonly call: TriggerFunction;
}

export interface EventTriggerDefinition {
  readonly kind: "event trigger";
  readonly name: string;
  readonly options: EventTriggerOptions;
}

/**
 * ``export const audit = eventTrigger("audit", { on: "ddl_command_end", tags: ["CREATE TABLE"], call: logCommand })`` →
 * `CREATE EVENT TRIGGER "audit" ON ddl_command_end WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION "log_command"()`. It joins
 * by being exported, and takes a superuser.
 */
export function eventTrigger(name: string, options: EventTriggerOptions): Declares<EventTriggerDefinition> {
  return Object.freeze(declare({}, { kind: "event trigger", name, options } as const));
}
