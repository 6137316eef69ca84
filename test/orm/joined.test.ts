/** Models that inherit and have tables of their own: what a flush writes, what queries read, what is declared. */

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  alias,
  collectDeclarations,
  declarativeBase,
  foreignKey,
  func,
  inherit,
  insert,
  inspect,
  integer,
  joinedload,
  primaryKey,
  remove,
  select,
  selectinload,
  sql,
  text,
  update,
} from "../../src/index.js";
import { type ModelDatabase, onModels, shape } from "../support/models.js";
import {
  Architect,
  Company,
  Employee,
  Engineer,
  Manager,
  models,
  Office,
  Skill,
  Tester,
  Tool,
  Trainee,
} from "./joined-models.js";

test("a table of its own has its columns, and the key of the one above as a foreign key", () => {
  const { tables } = collectDeclarations([Employee]);
  const shown = (name: string) => {
    const table = tables.find((each) => each.name === name)!;
    return [
      table.columns.map((column) => `${column.name} ${column.type}${column.notNull ? " not null" : ""}`),
      table.constraints.map((each) =>
        each.type === "foreign key"
          ? `${each.name}: ${each.columns} → ${each.references.table}.${each.references.columns} ${each.onUpdate} ${each.onDelete}`
          : `${each.name}: ${each.type}`,
      ),
    ];
  };
  assert.deepEqual(shown("engineers"), [
    ["id integer not null", "language text not null", "mentor_id integer", "bugs integer"],
    [
      "engineers_pkey: primary key",
      "engineers_mentor_id_fkey: mentor_id → engineers.id no action no action",
      "engineers_id_fkey: id → employees.id cascade cascade",
    ],
  ]);
  assert.deepEqual(shown("architects"), [
    ["id integer not null", "budget integer not null"],
    ["architects_pkey: primary key", "architects_id_fkey: id → engineers.id cascade cascade"],
  ]);
  assert.deepEqual(shown("managers"), [
    ["employee_id integer not null", "budget integer not null", "office_id integer"],
    [
      "managers_pkey: primary key",
      "managers_employee_id_fkey: employee_id → employees.id no action cascade",
      "managers_budget_key: unique",
      "managers_office_id_fkey: office_id → offices.id no action no action",
    ],
  ]);
  assert.deepEqual(shown("tools")[1]?.at(-1), "tools_engineer_id_fkey: engineer_id → engineers.id no action no action");
  assert.deepEqual(shown("skills_of_engineers")[1], [
    "skills_of_engineers_pkey: primary key",
    "skills_of_engineers_engineer_id_fkey: engineer_id → engineers.id no action cascade",
    "skills_of_engineers_skill_id_fkey: skill_id → skills.id no action cascade",
  ]);
  assert.deepEqual(
    tables.find(({ name }) => name === "employees")!.columns.map(({ name }) => name),
    ["kind", "label", "revision", "company_id", "id", "school"],
  );
});

test("keys of several columns, and names that the models give", () => {
  const Base = declarativeBase({ schema: "shop" });
  class Item extends Base.model(
    { tenant: integer(), code: text().named("item_code"), kind: text().discriminator() },
    {},
    { tablename: "items", identity: "item", constraints: (c) => [primaryKey(c.tenant, c.code)] },
  ) {}
  class Book extends inherit(Item, { isbn: text() }, {}, { identity: "book", tablename: "books", schema: "lib" }) {}
  class Chart extends inherit(
    Item,
    { tenant: integer().primaryKey(), code: text().primaryKey(), scale: integer() },
    {},
    {
      identity: "map",
      tablename: "maps",
      constraints: (c) => [foreignKey(c.tenant, c.code).references("shop.items", ["tenant", "item_code"])],
    },
  ) {}
  class Note extends Base.model(
    { id: integer().primaryKey(), tenant: integer(), code: text() },
    {},
    { tablename: "notes", constraints: (c) => [foreignKey(c.tenant, c.code).references(() => Book)] },
  ) {}
  const { tables } = collectDeclarations([Item, Book, Chart, Note]);
  const keys = tables.flatMap(({ name, constraints }) =>
    constraints.flatMap((each) =>
      each.type === "foreign key"
        ? [`${name} ${each.columns} → ${each.references.schema}.${each.references.table} ${each.references.columns}`]
        : [],
    ),
  );
  assert.deepEqual(keys.sort(), [
    "books tenant,item_code → shop.items tenant,item_code",
    "maps tenant,code → shop.items tenant,item_code",
    "notes tenant,code → lib.books tenant,item_code",
  ]);
  assert.equal(
    String(select(Chart.scale).where(Chart.code.eq("x"))),
    `SELECT "shop"."maps"."scale" FROM ("shop"."items" JOIN "shop"."maps" ON "shop"."maps"."tenant" = "shop"."items"."tenant" AND "shop"."maps"."code" = "shop"."items"."item_code") WHERE "shop"."items"."item_code" = $1`,
  );
  // Without ON DELETE CASCADE, one DELETE would leave a row of its own table.
  assert.throws(() => String(remove(Chart)), { code: "query.several_tables" });
  assert.match(String(remove(Book)), /^DELETE FROM "shop"."items" USING "lib"."books" WHERE/);
});

test("what contradicts itself is refused", () => {
  const refused = (make: () => unknown) => assert.throws(make, { code: "model.inheritance" });
  const options = { identity: "x", tablename: "xs" };
  refused(() => inherit(Office, {}, {}, options));
  refused(() => inherit(Employee, { label: text() }, {}, options));
  refused(() => inherit(Architect, { language: text() }, {}, options));
  refused(() => inherit(Employee, { sort: text().discriminator() }, {}, options));
  refused(() => inherit(Employee, { employeeId: integer().primaryKey().references("employees.id") }, {}, options));
  refused(() => inherit(Employee, { id: integer().primaryKey().identity() }, {}, options));
  refused(() => inherit(Employee, {}, {}, { identity: "x", schema: "other" }));
  refused(() => inherit(Employee, {}, {}, { identity: "x", polymorphicLoad: "inline" }));
  const Base = declarativeBase();
  class Thing extends Base.model({ kind: text().discriminator() }, {}, { tablename: "things", identity: "thing" }) {}
  class Other extends Base.model({ id: integer().primaryKey() }, {}, { tablename: "others" }) {}
  class Keyless extends inherit(Thing, {}, {}, { identity: "keyless", tablename: "keyless" }) {}
  refused(() => collectDeclarations([Keyless]));
  class Keyed extends Base.model(
    { id: integer().primaryKey(), kind: text().discriminator() },
    {},
    { tablename: "keyed", identity: "keyed" },
  ) {}
  const id = integer()
    .primaryKey()
    .references(() => Other.id);
  class Elsewhere extends inherit(Keyed, { id }, {}, { identity: "elsewhere", tablename: "elsewhere" }) {}
  refused(() => collectDeclarations([Elsewhere]));
});

test("queries of a model with a table of its own read its tables joined", () => {
  const engineers = `("employees" JOIN "engineers" ON "engineers"."id" = "employees"."id")`;
  assert.equal(
    String(select(Engineer.label, Engineer.language).where(Engineer.id.gt(1)).orderBy(Employee.label)),
    `SELECT "employees"."label", "engineers"."language" FROM ${engineers} WHERE "employees"."id" > $1 ORDER BY "employees"."label"`,
  );
  assert.equal(
    String(select(Manager.budget)),
    `SELECT "managers"."budget" FROM ("employees" JOIN "managers" ON "managers"."employee_id" = "employees"."id")`,
  );
  assert.match(String(select(Architect.budget)), /JOIN "engineers" ON .* JOIN "architects" ON "architects"."id" = /);
  assert.match(
    String(select(Tester.bugs)),
    /FROM \("employees" JOIN "engineers" ON .*\) WHERE "employees"."kind" = \$1$/,
  );
  // What a model inherits may be named by the model above.
  assert.equal(
    String(select(Engineer.language, Employee.label)),
    `SELECT "engineers"."language", "employees"."label" FROM ${engineers}`,
  );
  const other = alias(Engineer, "other");
  assert.equal(
    String(
      select(other.label, other.language)
        .where(other.shout.eq("X"))
        .forUpdate({ of: [other] }),
    ),
    `SELECT "other"."label", "other_engineers"."language" FROM ("employees" AS "other" JOIN "engineers" AS "other_engineers" ON "other_engineers"."id" = "other"."id") WHERE (upper("other"."label")) = $1 FOR UPDATE OF "other", "other_engineers"`,
  );
  assert.match(
    String(select(Company.id).where(Company.engineers.any(Engineer.language.eq("C")))),
    /EXISTS \(SELECT 1 FROM \("employees" JOIN "engineers" .*\) WHERE "companys"."id" = "employees"."company_id" AND "engineers"."language" = \$1\)/,
  );
  assert.match(String(select(Company.id).leftJoin(Company.engineers)), /LEFT JOIN \("employees" JOIN "engineers" ON/);
  assert.throws(() => String(select(Engineer).join(Engineer.mentor)), { code: "query.alias_needed" });
  assert.throws(() => String(select(Employee).join(Engineer, Engineer.id.eq(1))), { code: "query.alias_needed" });
});

test("what one statement can't do is refused", () => {
  const refused = (statement: object) => assert.throws(() => String(statement), { code: "query.several_tables" });
  refused(insert(Engineer).values({ label: "x", language: "C" }));
  refused(update(Engineer).set({ label: "x", language: "C" }));
  // The version is the employees', and every UPDATE counts it up.
  refused(update(Engineer).set({ language: "C" }));
  assert.equal(
    String(update(Engineer).set({ label: "x" }).where(Engineer.language.eq("C"))),
    `UPDATE "employees" SET "label" = $1, "revision" = "employees"."revision" + 1 FROM "engineers" WHERE "engineers"."language" = $2 AND "engineers"."id" = "employees"."id"`,
  );
  assert.equal(
    String(remove(Engineer).where(Engineer.language.eq("x"))),
    `DELETE FROM "employees" USING "engineers" WHERE "engineers"."language" = $1 AND "engineers"."id" = "employees"."id"`,
  );
});

onModels(models, (database) => {
  const writes = (sent: ModelDatabase) =>
    sent
      .sent()
      .map(shape)
      .filter((each) => each !== "SELECT");
  const fill = async () => {
    await using session = database().session();
    const ada = new Engineer({ id: 2, label: "Ada", language: "Ada", tools: [new Tool({ title: "Loom" })] });
    session.add(
      new Company({
        title: "Inc",
        employees: [
          new Employee({ id: 1, label: "Eve" }),
          ada,
          new Engineer({ id: 3, label: "Bob", language: "C", mentor: ada }),
          new Architect({ id: 4, label: "Arc", language: "UML", budget: 7 }),
          new Tester({ id: 5, label: "Tes", language: "Py", bugs: 9 }),
          new Manager({ id: 6, label: "Max", budget: 100, office: new Office({ room: "1" }) }),
          new Trainee({ id: 7, label: "Tim", school: "MIT" }),
        ],
      }),
    );
    await session.commit();
    database().clear();
  };
  const all = (session: ReturnType<ModelDatabase["session"]>) =>
    session.execute(select(Employee).orderBy(Employee.id)).then((result) => result.scalars().all());

  test("one INSERT for each table and kind, those above first", async () => {
    await using session = database().session();
    session.addAll(
      [1, 2, 3].flatMap((i) => [
        new Manager({ label: `m${i}`, budget: i }),
        new Trainee({ label: `t${i}`, school: "x" }),
        new Employee({ label: `e${i}` }),
      ]),
    );
    await session.commit();
    assert.deepEqual(writes(database()), [
      "INSERT employees",
      "INSERT managers",
      "INSERT employees",
      "INSERT employees",
    ]);
    assert.deepEqual(
      await database().rows(
        "SELECT label, budget, kind FROM employees JOIN managers ON employee_id = id ORDER BY budget",
      ),
      [1, 2, 3].map((i) => [`m${i}`, i, "manager"]),
    );
  });

  test("a row of several levels; rows of a child table that refer to each other", async () => {
    await fill();
    assert.deepEqual(
      await database().rows(
        "SELECT label, language, budget, bugs FROM employees JOIN engineers USING (id) LEFT JOIN architects USING (id) ORDER BY label",
      ),
      [
        ["Ada", "Ada", null, null],
        ["Arc", "UML", 7, null],
        ["Bob", "C", null, null],
        ["Tes", "Py", null, 9],
      ],
    );
    assert.deepEqual(await database().rows("SELECT m.label FROM engineers e JOIN employees m ON m.id = e.mentor_id"), [
      ["Ada"],
    ]);
  });

  test("a query of the base gives each row's own class; columns of other tables are loaded when asked for", async () => {
    await fill();
    await using session = database().session();
    const rows = await all(session);
    assert.deepEqual(
      rows.map((each) => each.constructor),
      [Employee, Engineer, Engineer, Architect, Tester, Manager, Trainee],
    );
    // The employees, and the managers' eager offices with the column that leads there.
    assert.equal(database().sent().length, 3);
    const [, ada, bob, arc, tes, max, tim] = rows as [
      Employee,
      Engineer,
      Engineer,
      Architect,
      Tester,
      Manager,
      Trainee,
    ];
    assert.equal(tim.school, "MIT");
    assert.equal(max.office?.room, "1");
    assert.throws(() => ada.language, { code: "orm.unloaded" });
    assert.throws(() => arc.budget, { code: "orm.unloaded" });
    database().clear();
    assert.deepEqual(await session.load([ada, bob], "language"), ["Ada", "C"]);
    assert.equal(database().sent().length, 1);
    assert.equal(await arc.awaitable.budget, 7);
    assert.equal(arc.language, "UML");
    await session.refresh(tes);
    assert.deepEqual([tes.language, tes.bugs], ["Py", 9]);
    assert.deepEqual(session.dirty, []);
  });

  test("a query of a model gives it and what inherits from it, whole for its own tables", async () => {
    await fill();
    await using session = database().session();
    const engineers = (await session.execute(select(Engineer).where(Engineer.language.ne("C")).orderBy(Engineer.label)))
      .scalars()
      .all();
    assert.deepEqual(
      engineers.map((each) => [each.constructor, each.label, each.language]),
      [
        [Engineer, "Ada", "Ada"],
        [Architect, "Arc", "UML"],
        [Tester, "Tes", "Py"],
      ],
    );
    assert.equal((engineers[2] as Tester).bugs, 9);
    assert.throws(() => (engineers[1] as Architect).budget, { code: "orm.unloaded" });
    assert.equal((await session.execute(select(func.count()).selectFrom(Tester))).scalarOne(), 1n);
  });

  test("get, expire and merge", async () => {
    await fill();
    await using session = database().session();
    const ada = (await session.get(Employee, 2)) as Engineer;
    assert.ok(ada instanceof Engineer);
    database().clear();
    assert.equal(await session.get(Employee, 2), ada);
    assert.equal(database().sent().length, 0);
    assert.equal(await session.get(Engineer, 2), ada);
    assert.equal(ada.language, "Ada");
    assert.equal(database().sent().length, 1);
    assert.equal(await session.get(Manager, 2), null);
    assert.equal(await session.get(Architect, 2), null);
    session.expire(ada);
    assert.throws(() => ada.language, { code: "orm.unloaded" });
    assert.equal((await session.get(Engineer, 2))?.language, "Ada");
    const merged = await session.merge(new Engineer({ id: 2, label: "Ada L", language: "Ada 83" }));
    assert.equal(merged, ada);
    await assert.rejects(session.merge(new Manager({ id: 2, label: "x", budget: 1 })), { code: "orm.identity_taken" });
    await session.commit();
    assert.deepEqual(
      await database().rows("SELECT label, language, revision FROM employees JOIN engineers USING (id) WHERE id = 2"),
      [["Ada L", "Ada 83", 2]],
    );
  });

  test("UPDATE of the tables that are touched, and of the version; DELETE of the lowest first", async () => {
    await fill();
    await using session = database().session();
    const [arc] = (await session.execute(select(Architect))).scalars().all();
    const max = (await session.get(Manager, 6))!;
    arc!.budget = 8;
    max.label = "Maxi";
    database().clear();
    await session.flush();
    assert.deepEqual(writes(database()).sort(), ["UPDATE architects", "UPDATE employees", "UPDATE employees"]);
    assert.deepEqual([arc!.revision, max.revision], [2, 2]);
    session.delete(arc!);
    session.delete(max);
    database().clear();
    await session.commit();
    const deletes = writes(database());
    assert.deepEqual(
      deletes.filter((each) => /architects|engineers/.test(each)),
      ["DELETE architects", "DELETE engineers"],
    );
    assert.deepEqual(deletes.slice().sort(), [
      "DELETE architects",
      "DELETE employees",
      "DELETE employees",
      "DELETE engineers",
      "DELETE managers",
    ]);
    assert.deepEqual(await database().rows("SELECT label FROM employees WHERE id IN (4, 6)"), []);
  });

  test("a change behind its back is found by the version, whichever table is written", async () => {
    await fill();
    await using session = database().session();
    const bob = (await session.get(Engineer, 3))!;
    await session.execute(sql`UPDATE employees SET revision = 9 WHERE id = 3`);
    bob.language = "D";
    await assert.rejects(session.flush(), { code: "flush.stale" });
  });

  test("rows of a child table that refer to each other are deleted together, orphans with them", async () => {
    await fill();
    await using session = database().session();
    const [ada, bob] = (await session.execute(select(Engineer).where(Engineer.id.lt(4)).orderBy(Engineer.id)))
      .scalars()
      .all();
    session.delete(ada!);
    session.delete(bob!);
    await session.commit();
    assert.deepEqual(await database().rows("SELECT count(*)::integer FROM engineers"), [[2]]);
    assert.deepEqual(await database().rows("SELECT count(*)::integer FROM tools"), [[0]]);
  });

  test("a deleted object makes way for one of another kind with its key", async () => {
    await fill();
    await using session = database().session();
    const [eve, ada, , , , , tim] = (await all(session)) as [Employee, Engineer, ...Employee[]];
    await session.load(ada, "tools");
    for (const each of [eve, ada, tim!]) session.delete(each);
    const now = [
      new Trainee({ id: eve.id, label: "Eve", school: "x" }),
      new Manager({ id: ada.id, label: "Ada", budget: 1 }),
      new Architect({ id: tim!.id, label: "Tim", language: "x", budget: 2 }),
    ];
    const [bob] = (await session.execute(select(Engineer).where(Engineer.id.eq(3)))).scalars().all();
    bob!.mentorId = null;
    session.addAll(now);
    await session.commit();
    for (const each of now) assert.equal(await session.get(Employee, each.id), each);
    assert.deepEqual(
      await database().rows(
        "SELECT id, kind, school, language, m.budget, a.budget FROM employees LEFT JOIN engineers USING (id) LEFT JOIN architects a USING (id) LEFT JOIN managers m ON employee_id = id WHERE id IN (1, 2, 7) ORDER BY id",
      ),
      [
        [1, "trainee", "x", null, null, null],
        [2, "manager", null, null, 1, null],
        [7, "architect", null, "x", null, 2],
      ],
    );
  });

  test("relationships from and to a model with a table of its own", async () => {
    await fill();
    await using session = database().session();
    const company = (await session.get(Company, 1))!;
    const engineers = await company.awaitable.engineers;
    assert.deepEqual(
      engineers.map(({ language }) => language),
      ["Ada", "C", "Py", "UML"],
    );
    const [ada, bob] = engineers as [Engineer, Engineer];
    assert.equal(await bob.awaitable.mentor, ada);
    assert.deepEqual([...(await ada.awaitable.pupils)], [bob]);
    assert.deepEqual(
      (await ada.awaitable.tools).map(({ title }) => title),
      ["Loom"],
    );
    const tools = (await session.execute(select(Tool).where(Tool.engineer.has(Engineer.label.eq("Ada")))))
      .scalars()
      .all();
    assert.equal(tools[0]?.engineer, ada);
    const mentor = alias(Engineer, "mentor");
    const found = await session.execute(
      select(Engineer.label, mentor.label).join(Engineer.mentor.of(mentor)).where(mentor.language.eq("Ada")),
    );
    assert.deepEqual(found.tuples().all(), [["Bob", "Ada"]]);
  });

  test("UPDATE and DELETE of many rows, and objects that follow", async () => {
    await fill();
    await using session = database().session();
    const engineers = (await session.execute(select(Engineer).orderBy(Engineer.id))).scalars().all();
    await session.execute(update(Engineer).set({ label: "Z" }).where(Engineer.language.ne("C")));
    assert.deepEqual(
      engineers.map(({ label, revision }) => [label, revision]),
      [
        ["Z", 2],
        ["Bob", 1],
        ["Z", 2],
        ["Z", 2],
      ],
    );
    await session.execute(update(Tester).set({ label: "T" }));
    assert.equal(engineers[3]!.label, "T");
    await session.execute(update(Employee).set({ label: "E" }));
    assert.deepEqual(new Set(engineers.map(({ label }) => label)), new Set(["E"]));
    const gone = await session.execute(remove(Engineer).where(Engineer.language.eq("Py")).returning(Engineer));
    assert.deepEqual(gone.scalars().all(), [engineers[3]]);
    assert.equal(inspect(engineers[3]!).lifecycle, "deleted");
    await session.execute(remove(Architect));
    await session.commit();
    assert.deepEqual(await database().rows("SELECT count(*)::integer FROM engineers"), [[2]]);
  });

  test("as a subquery, and through a join table", async () => {
    await fill();
    await using session = database().session();
    const first = alias(Engineer, select(Engineer).orderBy(Engineer.id).limit(2).subquery("first"));
    const found = (await session.execute(select(first).orderBy(first.language.desc()))).scalars().all();
    assert.deepEqual(
      found.map((each) => [each.label, each.language]),
      [
        ["Bob", "C"],
        ["Ada", "Ada"],
      ],
    );
    const [ada] = found.slice(1);
    ada!.skills = [new Skill({ title: "logic" })];
    await session.commit();
    for (const load of [joinedload, selectinload]) {
      session.expungeAll();
      const [logic] = (await session.execute(select(Skill).options(load(Skill.engineers)))).scalars().all();
      assert.deepEqual(
        logic!.engineers.map(({ language }) => language),
        ["Ada"],
      );
    }
    assert.equal(
      (await session.execute(select(Skill.title).where(Skill.engineers.any(Engineer.label.eq("Ada"))))).scalarOne(),
      "logic",
    );
  });

  test("a stream of the base and of a model with a table of its own", async () => {
    await fill();
    await using session = database().session();
    const seen: unknown[] = [];
    for await (const each of session.stream(select(Employee).orderBy(Employee.id), { batch: 2 }).scalars())
      seen.push(each.constructor);
    assert.equal(seen.length, 7);
    for await (const each of session.stream(select(Engineer), { batch: 2 }).scalars()) seen.push(each.language);
    assert.equal(seen.length, 11);
  });

  test("a key that changes is that of all tables", async () => {
    await fill();
    await using session = database().session();
    const arc = (await session.get(Architect, 4))!;
    arc.id = 40;
    arc.budget = 41;
    await session.commit();
    assert.equal(await session.get(Employee, 40), arc);
    assert.deepEqual(await database().rows("SELECT id, budget FROM architects"), [[40, 41]]);
  });
});
