import {
  any_,
  case_,
  cast,
  collate,
  expression,
  func,
  int4range,
  jsonb,
  literal,
  select,
  sql,
  text,
  tuple,
} from "../../src/index.js";
import { Post, statementCases, User } from "./helpers.js";

statementCases([
  {
    name: "values by themselves",
    statement: () =>
      select(
        literal("x"),
        literal(7),
        literal(1.5),
        literal(true),
        literal(5n),
        literal({ a: [1] }),
        literal(null),
        literal([1], jsonb()),
      ),
    text: "SELECT $1::text, $2::integer, $3::double precision, $4::boolean, $5::bigint, $6::jsonb, $7::text, $8::jsonb",
    parameters: ["x", "7", "1.5", "t", "5", '{"a":[1]}', null, "[1]"],
    rows: [["x", 7, 1.5, true, 5n, { a: [1] }, null, [1]]],
  },
  {
    name: "casts and SQL as expressions",
    statement: () =>
      select(
        cast(User.id, text()),
        expression(sql<number>`length(${User.username})`).plus(1),
        sql<number>`1 + 1`,
      ).where(User.id.eq(1)),
    text: 'SELECT "users"."id"::text, (length("users"."username")) + $1, 1 + 1 FROM "users" WHERE "users"."id" = $2',
    parameters: [1, "1"],
    rows: [["1", 4, 2]],
  },
  {
    name: "CASE",
    statement: () =>
      select(
        case_(
          [
            [User.id.eq(1), "first"],
            [User.id.lt(3), "early"],
          ],
          "late",
        ),
        case_([[User.id.eq(1), 1]]),
        case_([[User.id.eq(1), User.id]], 0),
      ).orderBy(User.id),
    text: 'SELECT CASE WHEN "users"."id" = $1 THEN $2::text WHEN "users"."id" < $3 THEN $4::text ELSE $5::text END, CASE WHEN "users"."id" = $6 THEN $7::integer END, CASE WHEN "users"."id" = $8 THEN "users"."id" ELSE $9 END FROM "users" ORDER BY "users"."id"',
    parameters: ["1", "first", "3", "early", "late", "1", "1", "1", "0"],
    rows: [
      ["first", 1, 1],
      ["early", null, 0],
      ["late", null, 0],
    ],
  },
  {
    name: "tuples",
    statement: () =>
      select(Post.id).where(
        tuple(Post.userId, Post.id).gt([1, 1]),
        tuple(Post.userId, Post.published).in([
          [1, false],
          [2, true],
        ]),
        tuple(Post.id, Post.userId).in(select(Post.id, Post.userId)),
      ),
    text: 'SELECT "posts"."id" FROM "posts" WHERE ("posts"."user_id", "posts"."id") > ($1, $2) AND ("posts"."user_id", "posts"."published") IN (($3, $4), ($5, $6)) AND ("posts"."id", "posts"."user_id") IN (SELECT "posts"."id", "posts"."user_id" FROM "posts")',
    parameters: ["1", "1", "1", "f", "2", "t"],
    rows: [[2], [3]],
  },
  {
    name: "arrays",
    statement: () =>
      select(User.interests.at(1), User.interests.slice(2, 3), func.cardinality(User.interests)).where(
        User.interests.contains(["tea"]),
        User.interests.containedBy(["tea", "maths", "ale"]),
        User.interests.overlaps(["tea"]),
        literal("tea").eq(any_(User.interests)),
      ),
    text: 'SELECT ("users"."interests")[$1], ("users"."interests")[$2:$3], cardinality("users"."interests") FROM "users" WHERE "users"."interests" @> $4 AND "users"."interests" <@ $5 AND "users"."interests" && $6 AND $7::text = ANY ("users"."interests")',
    parameters: [1, 2, 3, "{tea}", "{tea,maths,ale}", "{tea}", "tea"],
    rows: [["tea", ["maths"], 2]],
  },
  {
    name: "JSON",
    statement: () =>
      select(
        User.contacts.get("phones"),
        User.contacts.getText("mail"),
        User.contacts.get("phones").get(0),
        User.contacts.getPath("phones", 1),
        User.contacts.getPathText("phones", 1),
      ).where(
        User.contacts.contains({ mail: "ada@x" }),
        User.contacts.hasKey("mail"),
        User.contacts.hasAnyKey(["mail", "x"]),
        User.contacts.hasAllKeys(["mail", "phones"]),
        User.contacts.pathExists("$.phones[*]"),
        User.contacts.pathMatches('$.mail == "ada@x"'),
        User.contacts.get("mail").eq("ada@x"),
      ),
    text: 'SELECT "users"."contacts" -> $1, "users"."contacts" ->> $2, ("users"."contacts" -> $3) -> $4::integer, "users"."contacts" #> $5, "users"."contacts" #>> $6 FROM "users" WHERE "users"."contacts" @> $7 AND "users"."contacts" ? $8 AND "users"."contacts" ?| $9 AND "users"."contacts" ?& $10 AND "users"."contacts" @? $11 AND "users"."contacts" @@ $12 AND ("users"."contacts" -> $13) = $14',
    parameters: [
      "phones",
      "mail",
      "phones",
      0,
      ["phones", "1"],
      ["phones", "1"],
      '{"mail":"ada@x"}',
      "mail",
      ["mail", "x"],
      ["mail", "phones"],
      "$.phones[*]",
      '$.mail == "ada@x"',
      "mail",
      '"ada@x"',
    ],
    rows: [[["1", "2"], "ada@x", "1", "2", "2"]],
  },
  {
    name: "ranges",
    statement: () =>
      select(literal("[1,5)", int4range()).overlaps("[4,9)")).where(
        literal("[1,5)", int4range()).contains("[2,3)"),
        literal("[1,5)", int4range()).contains(literal(3)),
        literal("[1,5)", int4range()).containedBy("[0,9)"),
        literal("[1,5)", int4range()).adjacentTo("[5,9)"),
        literal("[1,5)", int4range()).leftOf("[7,9)"),
        literal("[7,9)", int4range()).rightOf("[1,5)"),
        literal("[1,5)", int4range()).notRightOf("[7,9)"),
        literal("[7,9)", int4range()).notLeftOf("[1,5)"),
      ),
    text: "SELECT $1::int4range && $2 WHERE $3::int4range @> $4 AND $5::int4range @> $6::integer AND $7::int4range <@ $8 AND $9::int4range -|- $10 AND $11::int4range << $12 AND $13::int4range >> $14 AND $15::int4range &< $16 AND $17::int4range &> $18",
    parameters: [
      "[1,5)",
      "[4,9)",
      "[1,5)",
      "[2,3)",
      "[1,5)",
      "3",
      "[1,5)",
      "[0,9)",
      "[1,5)",
      "[5,9)",
      "[1,5)",
      "[7,9)",
      "[7,9)",
      "[1,5)",
      "[1,5)",
      "[7,9)",
      "[7,9)",
      "[1,5)",
    ],
    rows: [[true]],
  },
  {
    name: "text search",
    statement: () =>
      select(Post.title).where(
        func.to_tsvector("simple", Post.title).matchesQuery(func.websearch_to_tsquery("simple", "one or three")),
        func.to_tsvector("simple", Post.title).matchesQuery(func.to_tsquery("simple", "one")),
      ),
    text: 'SELECT "posts"."title" FROM "posts" WHERE to_tsvector($1, "posts"."title") @@ websearch_to_tsquery($2, $3) AND to_tsvector($4, "posts"."title") @@ to_tsquery($5, $6)',
    parameters: ["simple", "simple", "one or three", "simple", "simple", "one"],
    rows: [["one"]],
  },
  {
    name: "aggregates: distinct, filter, order, within group",
    statement: () =>
      select(
        func.count(Post.userId).distinct(),
        func.count().filter(Post.published.eq(true)),
        func.array_agg(Post.title).orderBy(Post.id.desc()),
        func.percentile_disc<number>(0.5).withinGroup(Post.id),
        func.string_agg(Post.title, ",").orderBy(Post.id),
        func.sum(Post.id),
        func.avg(Post.id),
        func.jsonb_agg(Post.id).orderBy(Post.id),
        func.array_agg(Post.published).orderBy(Post.id),
      ),
    text: 'SELECT count(DISTINCT "posts"."user_id"), count(*) FILTER (WHERE "posts"."published" = $1), array_agg("posts"."title" ORDER BY "posts"."id" DESC), percentile_disc($2) WITHIN GROUP (ORDER BY "posts"."id"), string_agg("posts"."title", $3 ORDER BY "posts"."id"), sum("posts"."id"), avg("posts"."id"), jsonb_agg("posts"."id" ORDER BY "posts"."id"), array_agg("posts"."published" ORDER BY "posts"."id") FROM "posts"',
    parameters: ["t", 0.5, ","],
    rows: [[2n, 2n, ["three", "two", "one"], 2, "one,two,three", 6, 2, [1, 2, 3], [true, false, true]]],
  },
  {
    name: "an array of enums, aggregated",
    statement: () => select(func.array_agg(User.mood).orderBy(User.id), func.max(User.mood)),
    text: 'SELECT array_agg("users"."mood" ORDER BY "users"."id"), max("users"."mood") FROM "users"',
    rows: [[["glad", "calm", "odd"], "odd"]],
  },
  {
    name: "windows",
    statement: () =>
      select(
        Post.id,
        func.row_number().over({ partitionBy: [Post.userId], orderBy: [Post.id.desc()] }),
        func.sum(Post.id).over({ orderBy: [Post.id], frame: { mode: "rows", from: -1, to: 0 } }),
        func.lag(Post.title).over("w"),
        func.count().over(),
      )
        .window("w", { orderBy: [Post.id], frame: { mode: "groups", from: null, to: null, exclude: "ties" } })
        .orderBy(Post.id),
    text: 'SELECT "posts"."id", row_number() OVER (PARTITION BY "posts"."user_id" ORDER BY "posts"."id" DESC), sum("posts"."id") OVER (ORDER BY "posts"."id" ROWS BETWEEN $1 PRECEDING AND CURRENT ROW), lag("posts"."title", $2) OVER "w", count(*) OVER () FROM "posts" WINDOW "w" AS (ORDER BY "posts"."id" GROUPS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING EXCLUDE TIES) ORDER BY "posts"."id"',
    parameters: [1, 1],
    rows: [
      [1, 2n, 1, null, 3n],
      [2, 1n, 3, "one", 3n],
      [3, 1n, 5, "two", 3n],
    ],
  },
  {
    name: "functions of one's own choice, and with values that need a type",
    statement: () =>
      select(
        func.call<string>("repeat", User.username, 2),
        func.call<string>(["pg_catalog", "upper"], User.username),
        func.concat(User.username, "-", 1),
        func.coalesce(User.managerId, 0),
        func.jsonb_build_object("id", User.id),
        func.lower("ABC"),
      ).where(User.id.eq(1)),
    text: 'SELECT "repeat"("users"."username", $1::integer), "pg_catalog"."upper"("users"."username"), concat("users"."username", $2::text, $3::integer), coalesce("users"."manager_id", $4), jsonb_build_object($5::text, "users"."id"), lower($6) FROM "users" WHERE "users"."id" = $7',
    parameters: ["2", "-", "1", "0", "id", "ABC", "1"],
    rows: [["adaada", "ADA", "ada-1", 0, { id: 1 }, "abc"]],
  },
  {
    name: "collations and any operator",
    statement: () =>
      select(User.id).where(collate(User.username, "C").lt("b"), User.username.operator<boolean>("^@", "a")),
    text: 'SELECT "users"."id" FROM "users" WHERE ("users"."username" COLLATE "C") < $1 AND ("users"."username" ^@ $2)',
    parameters: ["b", "a"],
    rows: [[1]],
  },
]);
