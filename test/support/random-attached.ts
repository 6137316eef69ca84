/** What random tables carry: triggers, rules, policies, statistics. Each is about one column. */

import { quoteIdentifier } from "../../src/sql/identifier.js";

export interface Attached {
  readonly type: "trigger" | "rule" | "policy" | "statistics";
  name: string;
  comment: string | null;
  readonly picks: readonly number[];
}

export const attachedTypes: readonly Attached["type"][] = ["trigger", "trigger", "policy", "rule", "statistics"];

/** What all triggers call; rows go through it unchanged. */
export const triggerFunction =
  "CREATE FUNCTION public.passes() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'";

/** What stands after COMMENT ON. `table`: its name as SQL. */
export function attachedTarget({ type, name }: Attached, schema: string, table: string): string {
  const quoted = quoteIdentifier(name);
  return type === "statistics"
    ? `STATISTICS ${quoteIdentifier(schema)}.${quoted}`
    : `${type.toUpperCase()} ${quoted} ON ${table}`;
}

/** @param check a condition over a value such as `new."a"`. */
export function attachedSql(
  { type, name, picks }: Attached,
  schema: string,
  table: string,
  column: string,
  check: (value: string) => string,
): readonly string[] {
  const [a = 0, b = 0, c = 0] = picks;
  const of = <T>(list: readonly T[], pick: number) => list[pick % list.length];
  const quoted = quoteIdentifier(name);
  const own = quoteIdentifier(column);
  const state = of(["", "", "DISABLE", "ENABLE ALWAYS", "ENABLE REPLICA"], c);
  const states = state === "" ? [] : [`ALTER TABLE ${table} ${state} ${type.toUpperCase()} ${quoted}`];
  switch (type) {
    case "trigger": {
      const events = of([`UPDATE OF ${own}`, "INSERT OR UPDATE", `DELETE OR UPDATE OF ${own}`, "TRUNCATE"], a);
      const head = of(["TRIGGER", "TRIGGER", "CONSTRAINT TRIGGER"], b);
      const timing = head === "TRIGGER" && b % 2 === 0 ? "BEFORE" : "AFTER";
      const when = of(["", ` WHEN (${check(`new.${own}`)})`, ` WHEN (old.${own} IS DISTINCT FROM new.${own})`], b >> 2);
      const each = events === "TRUNCATE" ? "STATEMENT" : "ROW";
      const call = of(["public.passes()", "public.passes('x', 'it''s')"], c >> 3);
      return [
        `CREATE ${head} ${quoted} ${timing} ${events} ON ${table} FOR EACH ${each}${when} EXECUTE FUNCTION ${call}`,
        ...states,
      ];
    }
    case "rule": {
      const where = of(["", ` WHERE old.${own} IS NOT NULL`, ` WHERE ${check(`old.${own}`)}`], b);
      return [
        `CREATE RULE ${quoted} AS ON DELETE TO ${table}${where} DO ${of(["INSTEAD NOTHING", "ALSO SELECT 1"], a)}`,
        ...states,
      ];
    }
    case "statistics": {
      const kinds = of(["", " (mcv)", " (ndistinct, dependencies)"], a);
      const on = of([`(${check(own)}), ${own}`, `(${own}::text || 'x')`, `${own}, (${own} IS NULL)`], b);
      const target = `${quoteIdentifier(schema)}.${quoted}`;
      const set = c % 3 === 0 ? [`ALTER STATISTICS ${target} SET STATISTICS 20`] : [];
      return [`CREATE STATISTICS ${target}${kinds} ON ${on} FROM ${table}`, ...set];
    }
    case "policy": {
      const command = of(["", " FOR SELECT", " FOR INSERT", " FOR UPDATE"], a);
      const using = command === " FOR INSERT" ? "" : ` USING (${check(own)})`;
      const written = command === " FOR SELECT" || b % 2 === 0 ? "" : ` WITH CHECK (${own} IS NOT NULL)`;
      return [
        `CREATE POLICY ${quoted} ON ${table}${b % 3 === 0 ? " AS RESTRICTIVE" : ""}${command} TO ${of(["PUBLIC", "CURRENT_USER"], c)}${using}${written}`,
      ];
    }
  }
}
