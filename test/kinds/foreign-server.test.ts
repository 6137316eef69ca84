import { acceptance } from "../support/acceptance.js";

const wrapper = "CREATE FOREIGN DATA WRAPPER w";
const server = (rest = "") => `CREATE SERVER s FOREIGN DATA WRAPPER w${rest}`;

acceptance("foreign-data wrappers, servers and user mappings", [
  {
    name: "created with all that they can have",
    before: "",
    after: `CREATE FOREIGN DATA WRAPPER w OPTIONS (host 'h'); COMMENT ON FOREIGN DATA WRAPPER w IS 'w'; CREATE FOREIGN DATA WRAPPER v VALIDATOR postgresql_fdw_validator;
      CREATE SERVER "odd ""s" TYPE 't' VERSION '1' FOREIGN DATA WRAPPER w OPTIONS (dbname 'it''s', host 'h'); COMMENT ON SERVER "odd ""s" IS 's';
      CREATE USER MAPPING FOR PUBLIC SERVER "odd ""s" OPTIONS ("user" 'x'); CREATE USER MAPPING FOR postgres SERVER "odd ""s"`,
    up: [
      `CREATE FOREIGN DATA WRAPPER "w" OPTIONS ("host" 'h')`,
      `COMMENT ON FOREIGN DATA WRAPPER "w" IS 'w'`,
      'CREATE FOREIGN DATA WRAPPER "v" VALIDATOR postgresql_fdw_validator',
      `CREATE SERVER "odd ""s" TYPE 't' VERSION '1' FOREIGN DATA WRAPPER "w" OPTIONS ("dbname" 'it''s', "host" 'h')`,
      `COMMENT ON SERVER "odd ""s" IS 's'`,
      `CREATE USER MAPPING FOR PUBLIC SERVER "odd ""s" OPTIONS ("user" 'x')`,
      'CREATE USER MAPPING FOR "postgres" SERVER "odd ""s"',
    ],
    down: [
      'DROP USER MAPPING FOR PUBLIC SERVER "odd ""s"',
      'DROP USER MAPPING FOR "postgres" SERVER "odd ""s"',
      'DROP SERVER "odd ""s"',
      'DROP FOREIGN DATA WRAPPER "w"',
      'DROP FOREIGN DATA WRAPPER "v"',
    ],
  },
  {
    name: "change in place",
    before: `${wrapper} OPTIONS (a '1', b '2'); CREATE FOREIGN DATA WRAPPER v; ${server(" OPTIONS (a '1')")}; CREATE USER MAPPING FOR PUBLIC SERVER s OPTIONS ("user" 'x')`,
    after: `${wrapper} OPTIONS (b '3', c '4'); CREATE FOREIGN DATA WRAPPER v VALIDATOR postgresql_fdw_validator; CREATE SERVER s VERSION '2' FOREIGN DATA WRAPPER w; CREATE USER MAPPING FOR PUBLIC SERVER s OPTIONS ("user" 'y')`,
    up: [
      `ALTER FOREIGN DATA WRAPPER "w" OPTIONS (DROP "a", SET "b" '3', ADD "c" '4')`,
      'ALTER FOREIGN DATA WRAPPER "v" VALIDATOR postgresql_fdw_validator',
      `ALTER SERVER "s" VERSION '2' OPTIONS (DROP "a")`,
      `ALTER USER MAPPING FOR PUBLIC SERVER "s" OPTIONS (SET "user" 'y')`,
    ],
    down: [
      `ALTER FOREIGN DATA WRAPPER "w" OPTIONS (DROP "c", ADD "a" '1', SET "b" '2')`,
      'ALTER FOREIGN DATA WRAPPER "v" NO VALIDATOR',
      `ALTER SERVER "s" VERSION NULL OPTIONS (ADD "a" '1')`,
      `ALTER USER MAPPING FOR PUBLIC SERVER "s" OPTIONS (SET "user" 'x')`,
    ],
  },
  {
    name: "another type takes another server, with its mappings",
    before: `${wrapper}; ${server()}; CREATE USER MAPPING FOR PUBLIC SERVER s`,
    after: `${wrapper}; CREATE SERVER s TYPE 't' FOREIGN DATA WRAPPER w; CREATE USER MAPPING FOR PUBLIC SERVER s`,
    up: [
      'DROP USER MAPPING FOR PUBLIC SERVER "s"',
      'DROP SERVER "s"',
      `CREATE SERVER "s" TYPE 't' FOREIGN DATA WRAPPER "w"`,
      'CREATE USER MAPPING FOR PUBLIC SERVER "s"',
    ],
  },
  {
    name: "a server is renamed with its mappings, and no question asked",
    before: `${wrapper}; ${server()}; CREATE USER MAPPING FOR PUBLIC SERVER s`,
    after: `${wrapper}; CREATE SERVER r FOREIGN DATA WRAPPER w; CREATE USER MAPPING FOR PUBLIC SERVER r`,
    answers: {},
    up: ['ALTER SERVER "s" RENAME TO "r"'],
  },
]);
