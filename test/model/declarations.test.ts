import assert from "node:assert/strict";
import { test } from "node:test";
import {
  array,
  asc,
  bigint,
  char,
  check,
  citext,
  collectDeclarations,
  composite,
  customType,
  declarativeBase,
  domain,
  exclude,
  extension,
  external,
  foreignKey,
  index,
  integer,
  interval,
  many,
  maybeOne,
  metadataOf,
  numeric,
  one,
  pgEnum,
  primaryKey,
  rangeType,
  schema,
  sequence,
  serial,
  sql,
  text,
  time,
  timestamp,
  timestamptz,
  tstzrange,
  unique,
  uuid,
  varchar,
} from "../../src/model/index.js";
import { makeBase, tableOf } from "./helpers.js";

test("a model gives its own columns, then the Base's, with PostgreSQL's own names", () => {
  const Base = makeBase();
  class User extends Base.model({
    email: text().unique(),
    managerId: integer().nullable().references("users.id", { onDelete: "set null" }).index(),
    createdAt: timestamp().serverDefault(sql`now()`),
  }) {}
  const users = tableOf(collectDeclarations([User]), "users");
  assert.deepEqual(
    users.columns.map((column) => [column.name, column.type, column.notNull, column.default]),
    [
      ["email", "text", true, null],
      ["manager_id", "integer", false, null],
      ["created_at", "timestamp without time zone", true, "now()"],
      ["id", "integer", true, null],
    ],
  );
  assert.equal(users.columns[3]?.identity?.generation, "by default");
  assert.deepEqual(
    users.constraints.map((constraint) => constraint.name),
    ["users_pkey", "users_email_key", "users_manager_id_fkey"],
  );
  assert.deepEqual(
    users.indexes.map((each) => each.name),
    ["users_manager_id_idx"],
  );
  assert.equal(users.origin, "User");
  assert.equal(users.columns[0]?.origin, "User.email");
});

test("types become SQL", () => {
  const Base = makeBase();
  class Thing extends Base.model({
    a: varchar(80),
    b: numeric(10, 2),
    c: timestamptz(3),
    d: interval({ fields: "day to second", precision: 2 }),
    e: array(char(2), 2),
    f: customType("vector(3)", { schema: "ext", extension: extension("vector", { schema: "ext" }) }),
    g: citext(),
    h: bigint().identity({ always: true, start: 5 }),
  }) {}
  const declared = collectDeclarations([Thing]);
  assert.deepEqual(
    tableOf(declared, "things").columns.map((column) => column.type),
    [
      "character varying(80)",
      "numeric(10,2)",
      "timestamp(3) with time zone",
      "interval day to second(2)",
      "character(2)[][]",
      '"ext".vector(3)',
      "citext",
      "bigint",
      "integer",
    ],
  );
  assert.deepEqual(
    declared.extensions.map(({ name, schema: home }) => [name, home]),
    [
      ["vector", "ext"],
      ["citext", null],
    ],
  );
  assert.deepEqual(
    declared.schemas.map(({ name }) => name),
    ["ext"],
  );
  assert.equal(tableOf(declared, "things").columns[7]?.identity?.options.start, 5n);
});

test("enums take the values of a TypeScript enum, and join by being used", () => {
  enum Color {
    Red = "red",
    Blue = "blue",
  }
  const color = pgEnum("color", Color, { schema: "shop", renamedLabels: { red: "rouge" } });
  class Car extends makeBase().model({ color: color(), others: array(color()) }) {}
  const { enums, tables, schemas } = collectDeclarations([Car]);
  assert.deepEqual(enums[0]?.labels, ["red", "blue"]);
  assert.equal(enums.length, 1);
  assert.deepEqual(
    tables[0]?.columns.map((column) => column.type),
    ['"shop"."color"', '"shop"."color"[]', "integer"],
  );
  assert.equal(schemas[0]?.name, "shop");
});

test("domains, composites, ranges, sequences, schemas and externals", () => {
  const price = domain("price", numeric(10, 2), { notNull: true, checks: [check("positive", sql`VALUE > ${0}`)] });
  const address = composite("address", { streetName: text().collate("C"), price: price() });
  const hours = rangeType("hours", { subtype: time(), multirange: "many_hours" });
  class Invoice extends makeBase().model({ number: integer(), price: price() }) {}
  const numbers = sequence("numbers", { start: 1000, ownedBy: () => Invoice.number });
  const auth = schema("auth", { comment: "who" });
  const slug = external(sql`CREATE FUNCTION slug() RETURNS text RETURN 'x'`);
  const declared = collectDeclarations([{ price, address, hours, Invoice, numbers, auth, slug }]);
  assert.deepEqual(declared.domains[0], {
    origin: 'domain("price")',
    name: "price",
    schema: "public",
    comment: null,
    renamedFrom: null,
    type: "numeric(10,2)",
    notNull: true,
    default: null,
    collation: null,
    checks: [{ name: "positive", expression: "VALUE > 0", validated: true, comment: null }],
  });
  assert.deepEqual(
    declared.composites[0]?.attributes.map(({ name, type, collation }) => [name, type, collation]),
    [
      ["street_name", "text", '"C"'],
      ["price", '"public"."price"', null],
    ],
  );
  assert.equal(declared.ranges[0]?.subtype, "time without time zone");
  assert.deepEqual(declared.sequences[0]?.ownedBy, { schema: "public", table: "invoices", column: "number" });
  assert.equal(declared.sequences[0]?.options.start, 1000n);
  assert.equal(declared.schemas[0]?.comment, "who");
  assert.match(declared.externals[0]?.statement ?? "", /^CREATE FUNCTION/);
});

test("constraints and indexes in full", () => {
  const Base = makeBase();
  class Booking extends Base.model(
    {
      room: integer(),
      during: tstzrange(),
      title: text(),
      total: integer().generated((c) => sql`${c.room} * ${2}`, { virtual: true }),
    },
    {},
    {
      with: { fillfactor: 70 },
      rowLevelSecurity: "forced",
      constraints: (c) => [
        unique(c.room, c.title).nullsNotDistinct().include(c.total).deferrable("immediate"),
        check("title_set", sql`length(${c.title}) > 0`).notValid().noInherit(),
        exclude([c.room, "="], [c.during, "&&"]).where(sql`${c.room} > 0`),
        index(asc(sql`lower(${c.title})`).opclass("text_pattern_ops"), c.room.desc().nullsLast())
          .unique()
          .where(c.title.ne("x")),
        index(c.title.opclass(["ext", "gist_trgm_ops"], { siglen: 32 }))
          .using("gist")
          .with({ fillfactor: 70 })
          .comment("search"),
        index(sql`a`, sql`b`),
        index(c.title.collate("C")).named("by_title"),
      ],
    },
  ) {}
  const bookings = tableOf(collectDeclarations([Booking]), "bookings");
  assert.deepEqual(
    bookings.constraints.map(({ name, type }) => [name, type]),
    [
      ["bookings_pkey", "primary key"],
      ["bookings_room_title_total_key", "unique"],
      ["title_set", "check"],
      ["bookings_room_during_excl", "exclusion"],
    ],
  );
  assert.deepEqual(
    bookings.indexes.map(({ name }) => name),
    ["bookings_expr_room_idx", "bookings_title_idx", "bookings_expr_expr1_idx", "by_title"],
  );
  const [expression, trigram] = bookings.indexes;
  assert.deepEqual(expression?.elements, [
    {
      target: { expression: 'lower("title")' },
      collation: null,
      operatorClass: '"text_pattern_ops"',
      operatorClassParameters: {},
      order: "asc",
      nulls: null,
    },
    {
      target: { column: "room" },
      collation: null,
      operatorClass: null,
      operatorClassParameters: {},
      order: "desc",
      nulls: "last",
    },
  ]);
  assert.equal(expression?.where, "\"title\" <> 'x'");
  assert.equal(trigram?.elements[0]?.operatorClass, '"ext"."gist_trgm_ops"');
  assert.deepEqual(trigram?.elements[0]?.operatorClassParameters, { siglen: "32" });
  assert.deepEqual(bookings.columns[3]?.generated, { expression: '"room" * 2', storage: "virtual" });
  assert.deepEqual(bookings.storageParameters, { fillfactor: "70" });
});

test("composite foreign keys, by model and by name", () => {
  const Base = declarativeBase();
  class Order extends Base.model(
    { tenantId: integer(), id: integer() },
    {},
    {
      constraints: (c) => [primaryKey(c.tenantId, c.id)],
    },
  ) {}
  class Line extends Base.model(
    { id: uuid().primaryKey(), tenantId: integer(), orderId: integer().nullable() },
    {},
    {
      constraints: (c) => [
        foreignKey(c.tenantId, c.orderId)
          .references(() => Order)
          .onDelete("set null", ["order_id"])
          .matchFull(),
        foreignKey(c.tenantId, c.orderId).references("order", ["tenant_id", "id"]),
        foreignKey(c.tenantId, c.orderId)
          .references(() => [Order.tenantId, Order.id])
          .deferrable(),
      ],
    },
  ) {}
  // Order is not given: it is reached.
  const { constraints } = tableOf(collectDeclarations([Line]), "line");
  const keys = constraints.flatMap((constraint) => (constraint.type === "foreign key" ? [constraint] : []));
  assert.deepEqual(
    keys.map(({ name, references }) => [name, references.table, references.columns]),
    [
      ["line_tenant_id_order_id_fkey", "order", ["tenant_id", "id"]],
      ["line_tenant_id_order_id_fkey1", "order", ["tenant_id", "id"]],
      ["line_tenant_id_order_id_fkey2", "order", ["tenant_id", "id"]],
    ],
  );
  assert.deepEqual(keys[0]?.onDeleteColumns, ["order_id"]);
});

test("serial is an integer with a sequence of its own", () => {
  class Old extends declarativeBase().model({ id: serial().primaryKey() }, {}, { schema: "it's" }) {}
  const { tables, sequences } = collectDeclarations([Old]);
  assert.equal(tables[0]?.columns[0]?.type, "integer");
  assert.equal(tables[0]?.columns[0]?.default, `nextval('"it''s"."old_id_seq"'::regclass)`);
  assert.deepEqual(sequences[0]?.ownedBy, { schema: "it's", table: "old", column: "id" });
});

test("naming conventions: templates and functions", () => {
  const Base = declarativeBase({
    naming: {
      pk: "pk_{table}",
      unique: "uq_{table}_{columns}",
      check: "ck_{table}_{name}",
      fk: ({ table, target }) => `fk_${table}_${target}`,
    },
    columnName: (property) => property,
  });
  class User extends Base.model(
    { id: integer().primaryKey(), userName: text().unique(), bossId: integer().references("user.id") },
    {},
    {
      constraints: (c) => [check("short", sql`length(${c.userName}) < 9`)],
    },
  ) {}
  const [user] = collectDeclarations([User]).tables;
  assert.deepEqual(
    user?.constraints.map(({ name }) => name),
    ["pk_user", "uq_user_userName", "fk_user_user", "ck_user_short"],
  );
});

test("a Base extended, a column overridden, and columns described once", () => {
  const Base = makeBase();
  const Auth = Base.extend({ columns: { deleted: text().nullable() }, schema: "auth" });
  const label = text().unique();
  class A extends Auth.model({ id: uuid().primaryKey(), label }) {}
  class B extends Auth.model({ label: label.named("the label") }) {}
  const { tables } = collectDeclarations([A, B]);
  assert.deepEqual(
    tables.map(({ schema: home, name, columns }) => [home, name, columns.map((column) => column.name)]),
    [
      ["auth", "as", ["id", "label", "deleted"]],
      ["auth", "bs", ["the label", "deleted", "id"]],
    ],
  );
});

test("an implied join table", () => {
  const Base = makeBase();
  class User extends Base.model(
    {},
    {
      get roles() {
        return many(Role, { secondary: "user_roles", backPopulates: "users" });
      },
    },
  ) {}
  class Role extends Base.model(
    { id: uuid().primaryKey() },
    {
      get users() {
        return many(User, { secondary: "user_roles", backPopulates: "roles" });
      },
    },
  ) {}
  for (const models of [
    [User, Role],
    [Role, User],
  ]) {
    const join = tableOf(collectDeclarations(models), "user_roles");
    assert.deepEqual(
      join.columns.map(({ name, type, notNull, identity }) => [name, type, notNull, identity]),
      [
        ["role_id", "uuid", true, null],
        ["user_id", "integer", true, null],
      ],
    );
    assert.deepEqual(
      join.constraints.map(({ name }) => name),
      ["user_roles_pkey", "user_roles_role_id_fkey", "user_roles_user_id_fkey"],
    );
    assert.ok(join.constraints.every((each) => each.type !== "foreign key" || each.onDelete === "cascade"));
  }
  assert.equal(metadataOf(User).relations.get("roles")?.direction, "many-to-many");
});

test("relationships of a model with itself", () => {
  const Base = makeBase();
  class Node extends Base.model(
    { parentId: integer().nullable().references("nodes.id") },
    {
      get parent() {
        return maybeOne(Node, { backPopulates: "children" });
      },
      get children() {
        return many(Node, { backPopulates: "parent" });
      },
      get following() {
        return many(Node, { secondary: () => Follow, foreignKey: () => Follow.fromId, backPopulates: "followers" });
      },
      get followers() {
        return many(Node, { secondary: "follows", foreignKey: "follows.to_id", backPopulates: "following" });
      },
    },
  ) {}
  class Follow extends Base.model(
    { fromId: integer().references(() => Node.id), toId: integer().references(() => Node.id) },
    {
      get from() {
        return one(Node, { foreignKey: () => Follow.fromId });
      },
    },
  ) {}
  const { relations } = metadataOf(Node);
  assert.deepEqual(
    [...relations.values()].map((relation) => [
      relation.property,
      relation.direction,
      relation.pairs.map((pair) => [pair.local.origin, pair.remote.origin]),
    ]),
    [
      ["parent", "many-to-one", [["Node.parentId", "Node.id"]]],
      ["children", "one-to-many", [["Node.id", "Node.parentId"]]],
      ["following", "many-to-many", [["Node.id", "Follow.fromId"]]],
      ["followers", "many-to-many", [["Node.id", "Follow.toId"]]],
    ],
  );
  assert.equal(metadataOf(Follow).relations.get("from")?.direction, "many-to-one");
});

test("columns as expressions, and instances", () => {
  const Base = makeBase();
  class User extends Base.model(
    { email: text(), bossId: integer().nullable().references("users.id") },
    {
      get reports() {
        return many(User);
      },
    },
    { schema: "auth" },
  ) {}
  assert.equal(
    String(sql`SELECT ${User.email} WHERE ${User.email.eq("x").or(User.bossId.eq(null))}`),
    'SELECT "auth"."users"."email" WHERE ("auth"."users"."email" = $1 OR "auth"."users"."boss_id" IS NULL)',
  );
  const user = new User({ email: "x" });
  assert.deepEqual([user.bossId, [...user.reports], user.email], [null, [], "x"]);
  user.reports.push(user);
  assert.equal(user.reports.length, 1);
  assert.throws(() => new User({ ...{ emial: "x" }, email: "y" }), /User has no column or relationship named "emial"/);
});
