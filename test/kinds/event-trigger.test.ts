import { acceptance } from "../support/acceptance.js";

const f = "CREATE FUNCTION f() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'";
const tagged =
  "CREATE EVENT TRIGGER e ON ddl_command_end WHEN TAG IN ('CREATE TABLE', 'ALTER TABLE') EXECUTE FUNCTION f()";
const created = (rest: string) => `CREATE EVENT TRIGGER "e" ON ${rest}`;
const gone = 'DROP EVENT TRIGGER "e"';

acceptance("event triggers", [
  {
    name: "created after their function, and last of all, with state and comment",
    before: "",
    after: `${f}; CREATE TABLE t (a int); ${tagged}; ALTER EVENT TRIGGER e ENABLE ALWAYS; COMMENT ON EVENT TRIGGER e IS 'it''s';
      CREATE EVENT TRIGGER "odd ""name" ON sql_drop EXECUTE FUNCTION f()`,
    up: [
      'CREATE FUNCTION "public"."f"() RETURNS event_trigger\nLANGUAGE plpgsql\nAS $function$BEGIN END$function$',
      'CREATE TABLE "public"."t" (\n  "a" integer\n)',
      created(`"ddl_command_end" WHEN TAG IN ('CREATE TABLE', 'ALTER TABLE') EXECUTE FUNCTION public.f()`),
      'ALTER EVENT TRIGGER "e" ENABLE ALWAYS',
      `COMMENT ON EVENT TRIGGER "e" IS 'it''s'`,
      'CREATE EVENT TRIGGER "odd ""name" ON "sql_drop" EXECUTE FUNCTION public.f()',
    ],
    down: [gone, 'DROP EVENT TRIGGER "odd ""name"', 'DROP TABLE "public"."t"', 'DROP FUNCTION "public"."f"()'],
  },
  {
    name: "states change in place, all else by a new one",
    before: `${f}; ${tagged}; CREATE EVENT TRIGGER s ON sql_drop EXECUTE FUNCTION f()`,
    after: `${f}; CREATE EVENT TRIGGER e ON ddl_command_start EXECUTE FUNCTION f(); CREATE EVENT TRIGGER s ON sql_drop EXECUTE FUNCTION f(); ALTER EVENT TRIGGER s DISABLE`,
    up: ['ALTER EVENT TRIGGER "s" DISABLE', gone, created('"ddl_command_start" EXECUTE FUNCTION public.f()')],
  },
  {
    name: "renamed, and no question asked",
    before: `${f}; CREATE EVENT TRIGGER public ON sql_drop EXECUTE FUNCTION f()`,
    after: `${f}; CREATE EVENT TRIGGER e ON sql_drop EXECUTE FUNCTION f()`,
    answers: {},
    up: ['ALTER EVENT TRIGGER "public" RENAME TO "e"'],
  },
]);
