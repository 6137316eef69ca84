import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  check,
  collectDeclarations,
  declarativeBase,
  index,
  integer,
  pgEnum,
  sql,
  text,
  unique,
} from "../../src/model/index.js";
import { snakeCase } from "../../src/model/naming.js";

const loneSurrogate = /\p{Cs}/u;

/** Names that PostgreSQL takes: quotes, dots, emoji, capitals, up to 63 bytes. */
const name = fc
  .oneof(
    fc.string({ minLength: 1, maxLength: 70, unit: "binary" }),
    fc.string({
      minLength: 1,
      maxLength: 63,
      unit: fc.constantFrom('"', "'", ".", "\\", "é", "🦉", "A", " ", "$1", "{table}"),
    }),
  )
  .map((raw) => raw.replaceAll("\0", ""))
  .filter((raw) => raw !== "" && !loneSurrogate.test(raw) && Buffer.byteLength(raw) <= 63);

test("any names that PostgreSQL takes give declarations whose names are whole, valid and different", () => {
  fc.assert(
    fc.property(name, name, name, name, (table, first, second, home) => {
      fc.pre(new Set([first, second, "id", "kind"]).size === 4 && table !== "mood");
      const kind = pgEnum("mood", ["a"], { schema: home });
      const Base = declarativeBase();
      class Any extends Base.model(
        {
          id: integer().primaryKey().identity(),
          first: text().named(first).unique().index(),
          second: text().named(second).unique(),
          kind: kind().named("kind"),
        },
        {},
        {
          tablename: table,
          schema: home,
          constraints: (c) => [
            unique(c.first, c.second),
            unique(c.second, c.first),
            index(c.first, sql`lower(${c.second})`),
            index(c.second),
            check("c", sql`${c.first} <> ${c.second}`),
          ],
        },
      ) {}
      const [declared] = collectDeclarations([Any]).tables;
      assert.deepEqual([declared?.schema, declared?.name], [home, table]);
      assert.deepEqual(
        declared?.columns.map((column) => column.name),
        ["id", first, second, "kind"],
      );
      const names = [...(declared?.constraints ?? []), ...(declared?.indexes ?? [])].map((each) => each.name);
      assert.equal(new Set(names).size, 9);
      for (const each of names) assert.ok(Buffer.byteLength(each) <= 63 && !loneSurrogate.test(each));
    }),
    { numRuns: 300 },
  );
});

test("PostgreSQL's numbers for names that are taken", () => {
  class T extends declarativeBase().model(
    { a: text().unique().index(), b: text() },
    {},
    {
      constraints: (c) => [unique(c.a), unique(c.a), index(c.a), index(c.b).named("t_a_key2")],
    },
  ) {}
  const [table] = collectDeclarations([T]).tables;
  assert.deepEqual(
    table?.constraints.map((each) => each.name),
    ["t_a_key", "t_a_key1", "t_a_key3"],
  );
  assert.deepEqual(
    table?.indexes.map((each) => each.name),
    ["t_a_idx", "t_a_idx1", "t_a_key2"],
  );
});

test("snake case", () => {
  for (const [from, to] of [
    ["createdAt", "created_at"],
    ["HTTPServer", "http_server"],
    ["userID", "user_id"],
    ["line2Text", "line2_text"],
    ["a", "a"],
    ["étéÉtat", "été_état"],
    ["__x", "__x"],
  ] as const)
    assert.equal(snakeCase(from), to);
});
