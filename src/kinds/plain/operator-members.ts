/** What operator families and classes share: operators and support functions, each as CREATE OPERATOR CLASS has them. */

import { quoteIdentifier, quotePath } from "../../sql/identifier.js";
import { functionSignature, operatorName } from "./plain.js";

/** `["public", "btree", "by_size"]` → `"public"."by_size" USING "btree"`. */
export function usingName([schema = "", method = "", name = ""]: readonly string[]): string {
  return `${quotePath([schema, name])} USING ${quoteIdentifier(method)}`;
}

/** The members whose row in `pg_amop` (`m`) or `pg_amproc` satisfies a condition: a JSON list, NULL where there are none. */
export function membersField(condition: (catalog: "pg_amop" | "pg_amproc") => string): string {
  const typePair = (left: string, right: string) =>
    `'(' || format_type(${left}, NULL) || ', ' || format_type(${right}, NULL) || ')'`;
  return `(SELECT json_agg(q.text ORDER BY q.isfunction, q.number, q.text) FROM (
        SELECT false, m.amopstrategy, 'OPERATOR ' || m.amopstrategy || ' ' || ${operatorName("m.amopopr")} || ' ' || ${typePair("m.amoplefttype", "m.amoprighttype")}
          || coalesce((SELECT ' FOR ORDER BY ' || quote_ident(sn.nspname) || '.' || quote_ident(sf.opfname)
            FROM pg_opfamily sf JOIN pg_namespace sn ON sn.oid = sf.opfnamespace WHERE sf.oid = m.amopsortfamily), '')
        FROM pg_amop m WHERE ${condition("pg_amop")}
        UNION ALL
        SELECT true, m.amprocnum, 'FUNCTION ' || m.amprocnum || ' ' || ${typePair("m.amproclefttype", "m.amprocrighttype")} || ' ' || ${functionSignature("m.amproc")}
        FROM pg_amproc m WHERE ${condition("pg_amproc")}) q (isfunction, number, text))`;
}

/** Addresses of the same members, which have dependencies of their own. */
export function memberAliases(condition: (catalog: "pg_amop" | "pg_amproc") => string): string {
  const of = (catalog: "pg_amop" | "pg_amproc") =>
    `SELECT '${catalog}'::regclass::oid || '/' || m.oid FROM ${catalog} m WHERE ${condition(catalog)}`;
  return `(SELECT string_agg(q.address, ' ') FROM (${of("pg_amop")} UNION ALL ${of("pg_amproc")}) q (address))`;
}

/** `OPERATOR 1 app.<~>(integer, bigint)` → `OPERATOR 1 (integer, bigint)`: what a member goes by when it is dropped. */
export function memberKey(member: string): string {
  const [, word = "", number = ""] = /^(\w+) (\d+)/.exec(member) ?? [];
  // What is quoted may have parentheses in it.
  const [types = ""] = member.replace(/^\w+ \d+ /, "").match(/\((?:"(?:[^"]|"")*"|[^"()])*\)/) ?? [];
  return `${word} ${number} ${types}`;
}
