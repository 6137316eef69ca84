/** Models that the compiler would refuse, as JavaScript or a cast lets them through: a sentence for each. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  check,
  composite,
  defaultPrivileges,
  eventTrigger,
  grant,
  index,
  integer,
  partition,
  pgEnum,
  policy,
  publication,
  range,
  rights,
  role,
  rule,
  schema,
  sql,
  sqlFunction,
  statistics,
  text,
  trigger,
  unique,
} from "../../src/model/index.js";
import { makeBase, problemsOf } from "./helpers.js";

const Base = makeBase();

/** What no compiler lets through. */
const any = (value: unknown) => value as never;

function withOptions(options: object) {
  return class User extends Base.model({ name: text() }, {}, any(options)) {};
}

const models: readonly (readonly [options: object, sentence: string])[] = [
  [{ uniques: [] }, "User: there is no option `uniques`."],
  [{ grants: { select: "app" } }, "User: `grants` takes a list of grant(…), and was given an object."],
  [{ grants: ["select"] }, 'User: `grants[0]` takes grant(…), and was given "select".'],
  [{ grants: [grant("select", any("app"))] }, "User: `grants[0].to` takes a list of texts, and was given nothing."],
  [{ owner: 5 }, "User: `owner` takes a text, and was given 5."],
  [{ unlogged: "yes" }, 'User: `unlogged` takes true or false, and was given "yes".'],
  [{ rowLevelSecurity: true }, 'User: `rowLevelSecurity` takes "off", "on" or "forced", and was given true.'],
  [{ constraints: [] }, "User: `constraints` takes a function, and was given a list."],
  [
    { constraints: () => unique(any("name")) },
    "User: `constraints` takes a list of unique(…), index(…) and the like, and was given a constraint.",
  ],
  [
    { constraints: () => [index(any("name"))] },
    'User: `constraints[0].parts[0]` takes a column, such as c.name, and was given "name".',
  ],
  [
    { constraints: () => [unique(any("name"))] },
    'User: `constraints[0].columns[0]` takes a column, such as c.name, and was given "name".',
  ],
  [
    { constraints: () => [check("positive", any("id > 0"))] },
    'User: `constraints[0].condition` takes sql`…`, and was given "id > 0".',
  ],
  [
    { constraints: () => [text()] },
    "User: `constraints[0]` takes unique(…), index(…) or the like, and was given a column.",
  ],
  [
    { policies: () => [policy("own", any({ to: "app" }))] },
    'User: `policies[0].options.to` takes a list of texts, and was given "app".',
  ],
  [
    { triggers: () => [rule("keep", { on: "delete", instead: "nothing" })] },
    "User: `triggers[0]` takes trigger(…), and was given a rule.",
  ],
  [
    { triggers: () => [trigger("touch", any({ before: "update", calls: "touch" }))] },
    "User: there is no option `triggers[0].options.calls`.",
  ],
  [
    { rules: () => [rule("keep", any({ on: "select", instead: "nothing" }))] },
    'User: `rules[0].options.on` takes "insert", "update" or "delete", and was given "select".',
  ],
  [
    { statistics: () => [statistics("s", any({ on: "name" }))] },
    'User: `statistics[0].options.on` takes a list of columns and sql`…`, and was given "name".',
  ],
  [{ securityLabels: { anon: 5 } }, "User: `securityLabels.anon` takes a text, and was given 5."],
  [{ securityLabels: "anon" }, 'User: `securityLabels` takes an object, and was given "anon".'],
  [
    { partitionBy: () => range(sql`id`), partitions: "p" },
    'User: `partitions` takes a list of partition(…), and was given "p".',
  ],
  [
    { partitionBy: () => range(sql`id`), partitions: [partition("p", "default", any({ comments: "x" }))] },
    "User: there is no option `partitions[0].options.comments`.",
  ],
  [{ partitionBy: () => range(any(undefined)) }, "User has something that its type does not allow"],
];

for (const [options, sentence] of models)
  test(sentence, () => {
    const [problem, ...others] = problemsOf(withOptions(options));
    assert.equal(problem?.code, "model.shape");
    assert.ok(problem.message.startsWith(sentence), problem.message);
    assert.deepEqual(others, []);
  });

test("what a Base says for its models", () => {
  class User extends Base.extend(any({ grants: grant("select", { to: "app" }) })).model({ name: text() }) {}
  assert.deepEqual(problemsOf(User), [
    { code: "model.shape", message: "declarativeBase(): `grants` takes a list of grant(…), and was given a grant." },
  ]);
});

const objects: readonly (readonly [object: unknown, sentence: string])[] = [
  [pgEnum("mood", any([1])), 'enum "mood": `labels[0]` takes a text, and was given 1.'],
  [
    composite("pair", { a: integer() }, any({ grants: "x" })),
    'composite "pair": `rights.grants` takes a list of grant(…), and was given "x".',
  ],
  [schema(any(5)), "schema 5: `name` takes a text, and was given 5."],
  [
    role("app", any({ memberOf: "reader" })),
    'role "app": `options.memberOf` takes a list of roles, and was given "reader".',
  ],
  [role("app", any({ logn: true })), 'role "app": there is no option `options.logn`.'],
  [
    eventTrigger("audit", any({ on: "login", tags: "X", call: "f" })),
    'event trigger "audit": `options.tags` takes a list of texts, and was given "X".',
  ],
  [
    defaultPrivileges(any({ role: "a", on: "tables" })),
    "default privileges: `grants` takes a list of grant(…), and was given nothing.",
  ],
  [rights("table", "users", any({ owner: true })), 'rights "users": `rights.owner` takes a text, and was given true.'],
  [
    sqlFunction("f", any({ returns: "text", body: "SELECT 1", arguments: [undefined] })),
    'function "f": `options.arguments[0]` takes a type, such as text(), and was given nothing.',
  ],
  [
    publication("p", any({ tables: "users" })),
    'publication("p"): `options.tables` takes a list of tables, and was given "users".',
  ],
  [
    class Names extends Base.view({ name: text() }, any({ as: sql`SELECT name FROM users`, materialised: true })) {},
    "Names: there is no option `materialised`.",
  ],
  [
    class Names extends Base.view({ name: text() }, any({ as: "SELECT 1" })) {},
    'Names: `as` takes sql`…`, and was given "SELECT 1".',
  ],
];

for (const [object, sentence] of objects)
  test(sentence, () => {
    const problems = problemsOf([object]);
    assert.deepEqual(
      problems.map(({ code }) => code),
      ["model.shape"],
    );
    assert.ok(problems[0]?.message.startsWith(sentence), problems[0]?.message);
  });
