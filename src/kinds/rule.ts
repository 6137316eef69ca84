/** Rules of tables and of views, other than those that are views' own queries. */

import { type CatalogObject, sameData } from "../catalog/catalog.js";
import type { RuleDeclaration } from "../model/declarations.js";
import { quoteIdentifier, quotePath } from "../sql/identifier.js";
import {
  attachedBase,
  type Carrier,
  carriersOf,
  enabledCode,
  type FiringState,
  firingState,
  stateField,
} from "./attached.js";
import type { Alteration, Kind, Statement } from "./kind.js";
import { elementOptions, type SourceContext, stringCode } from "./source.js";
import { compact, jsonObject } from "./statements.js";

export interface RuleDefinition {
  readonly event: "insert" | "update" | "delete";
  readonly where?: string;
  readonly instead?: true;
  /** `NOTHING`, a statement, or several in parentheses. */
  readonly action: string;
  readonly state?: FiringState;
}

/** Up to the first place, what is quoted being passed over. Neither the condition nor the action can be printed by itself. */
const upTo = `(?:[^''"]|''[^'']*''|"[^"]*")*?`;
const whereField = String.raw`CASE WHEN r.ev_qual <> '<>' THEN substring(d.rest FROM '^${upTo}\sWHERE (${upTo})\sDO\s') END`;
const actionField = String.raw`rtrim(ltrim(regexp_replace(d.rest, '^${upTo}\sDO\s' || CASE WHEN r.is_instead THEN 'INSTEAD\s' ELSE '' END, ''), E' \n'), ';')`;

function ruleKindOf(carrier: Carrier): Kind<RuleDefinition> {
  return {
    ...attachedBase("rule", carrier),

    seenIn: "pg_rewrite WHERE rulename <> '_RETURN' AND oid >= 16384",
    query: () => `
    SELECT 'pg_rewrite'::regclass::oid, r.oid, 0, NULL::text, json_build_array(c.nspname, c.relname, r.rulename),
      obj_description(r.oid, 'pg_rewrite'),
      ${jsonObject({
        event: "CASE r.ev_type WHEN '2' THEN 'update' WHEN '3' THEN 'insert' ELSE 'delete' END",
        where: whereField,
        instead: "CASE WHEN r.is_instead THEN true END",
        action: actionField,
        state: stateField("r.ev_enabled"),
      })}
    FROM pg_rewrite r JOIN ${carrier.relations} c ON c.oid = r.ev_class
      CROSS JOIN LATERAL (SELECT substr(pg_get_ruledef(r.oid), length(format('CREATE RULE %I AS', r.rulename)) + 1) AS rest) d
    WHERE r.ev_type <> '1'`,

    *declare(declarations) {
      for (const { schema, name: relation, rules } of carriersOf(declarations, carrier))
        for (const rule of rules)
          yield { path: [schema, relation, rule.name], comment: rule.comment, definition: ruleDefinition(rule) };
    },

    create: (object) => [createRule("CREATE", object), ...firingState("RULE", object, undefined)],
    alter(from, to): Alteration {
      const { state: before, ...old } = from.definition;
      const { state: _, ...now } = to.definition;
      return {
        op: "statements",
        statements: [
          ...(sameData(old, now) ? [] : [createRule("CREATE OR REPLACE", to)]),
          ...firingState("RULE", to, before),
        ],
      };
    },

    source: (object, context) => ({ at: "list", option: "rules", code: () => ruleCode(object, context) }),
  };
}

export const ruleKind = ruleKindOf({ kind: "table", relations: "managed_table" });
export const viewRuleKind = ruleKindOf({ kind: "view", relations: "managed_view" });

function createRule(verb: string, { path, definition }: CatalogObject<RuleDefinition>): Statement {
  const { event, where, instead, action } = definition;
  const head = `${verb} RULE ${quoteIdentifier(path[2] ?? "")} AS ON ${event.toUpperCase()} TO ${quotePath(path.slice(0, 2))}`;
  return { sql: `${head}${where === undefined ? "" : ` WHERE ${where}`} DO ${instead ? "INSTEAD" : "ALSO"} ${action}` };
}

function ruleDefinition({ event, where, instead, action, state }: RuleDeclaration): RuleDefinition {
  return compact<RuleDefinition>({ event, where, instead: instead || null, action, state });
}

/** ``rule("log", { on: "insert", also: sql`INSERT INTO …` })``. */
function ruleCode({ path, comment, definition }: CatalogObject<RuleDefinition>, context: SourceContext): string {
  const { event, where, instead, action, state } = definition;
  const isNothing = action === "NOTHING" && instead === true;
  const options = elementOptions({
    on: stringCode(event),
    where: where === undefined ? null : context.sql(path, where),
    [instead ? "instead" : "also"]: isNothing ? stringCode("nothing") : context.sql(path, action),
    enabled: enabledCode(state),
    comment: comment === null ? null : stringCode(comment),
  });
  return `${context.use("rule")}(${stringCode(path[2] ?? "")}, ${options})`;
}
