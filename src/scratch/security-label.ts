/**
 * Security labels on scratch databases. Their provider is a library: one that a server loads for a single database
 * (`ALTER DATABASE app SET session_preload_libraries`, as PostgreSQL Anonymizer is set up) is not there, and in the embedded database none
 * is. What is to be proved of a label can be seen without it: that it is set on an object that is there, follows it, and goes with it.
 */

import { labelSetting } from "../kinds/security-label.js";
import { dollarQuote, quoteLiteral } from "../sql/identifier.js";

const comments = String.raw`(?:\s|--[^\n]*\n|/\*[\s\S]*?\*/)*`;
const provider = String.raw`(?:"[^"]+")+|[a-z_][\w$]*`;
const words =
  "AGGREGATE|COLUMN|DOMAIN|EVENT TRIGGER|FOREIGN TABLE|FUNCTION|(?:PROCEDURAL )?LANGUAGE|MATERIALIZED VIEW|PROCEDURE|PUBLICATION|ROLE|ROUTINE|SCHEMA|SEQUENCE|SUBSCRIPTION|TABLE|TYPE|VIEW";
const name = `(?:"[^"]*"|[^"';])+?`;
const text = String.raw`NULL|(?:'[^']*')+|E'(?:[^'\\]|''|\\.)*'`;

const labelStatement = new RegExp(
  String.raw`^${comments}SECURITY\s+LABEL\s+FOR\s+(${provider})\s+ON\s+((?:${words})\s${name})\s+IS\s+(${text})\s*;?\s*$`,
  "i",
);

/** The provider that a SECURITY LABEL names, as SQL; null for another statement. */
export function labelProvider(sql: string): string | null {
  return labelStatement.exec(sql)?.[1] ?? null;
}

/**
 * A statement as it runs on a scratch database: a SECURITY LABEL whose provider is not loaded is noted in a setting of the session, under
 * the address of its object, where `kinds/security-label.ts` reads it. All others stay as they are.
 */
export function onScratch(sql: string): string {
  const found = labelStatement.exec(sql);
  if (found === null) return sql;
  const [, asked = "", object = "", label = ""] = found;
  // PostgreSQL looks for the provider first, then for the object. It takes the same names after COMMENT ON, which tells their
  // address and is undone at once.
  const body = `
DECLARE
  address text;
BEGIN
  BEGIN
    SECURITY LABEL FOR ${asked} ON SCHEMA "pg_athanor_asks" IS NULL;
  EXCEPTION
    WHEN invalid_schema_name THEN
      SECURITY LABEL FOR ${asked} ON ${object} IS ${label};
      RETURN;
    WHEN invalid_parameter_value THEN
      NULL;
  END;
  BEGIN
    COMMENT ON ${object} IS 'pg_athanor_asks';
    SELECT pg_catalog.json_build_array(classoid::bigint, objoid::bigint, objsubid, (pg_catalog.parse_ident(${quoteLiteral(asked).trimStart()}))[1])
      INTO address FROM (SELECT classoid, objoid, objsubid, description FROM pg_catalog.pg_description
        UNION ALL SELECT classoid, objoid, 0, description FROM pg_catalog.pg_shdescription) d
      WHERE description = 'pg_athanor_asks';
    RAISE EXCEPTION USING ERRCODE = 'raise_exception';
  EXCEPTION
    WHEN raise_exception THEN
      NULL;
  END;
  PERFORM pg_catalog.set_config('${labelSetting}', pg_catalog.jsonb_strip_nulls(
    coalesce(nullif(pg_catalog.current_setting('${labelSetting}', true), ''), '{}')::jsonb || pg_catalog.jsonb_build_object(address, ${label}::text))::text, false);
END `;
  return `DO ${dollarQuote(body, "label")}`;
}
