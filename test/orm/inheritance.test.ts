/** Models that share a table. */

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  alias,
  collectDeclarations,
  declarativeBase,
  func,
  hybrid,
  inherit,
  insert,
  inspect,
  integer,
  many,
  maybeOne,
  type RelationDef,
  remove,
  select,
  sql,
  text,
  update,
} from "../../src/index.js";
import { onModels, shape } from "../support/models.js";

const Base = declarativeBase({
  columns: { id: integer().primaryKey().identity() },
  tablename: (name) => `${name.toLowerCase()}s`,
});

class Company extends Base.model(
  { title: text() },
  {
    get employees(): RelationDef<Employee[]> {
      return many(Employee, { backPopulates: "company", orderBy: () => Employee.id });
    },
    get managers(): RelationDef<Manager[]> {
      return many(Manager, { viewOnly: true });
    },
  },
) {}

class Employee extends Base.model(
  {
    kind: text().discriminator(),
    label: text(),
    companyId: integer().nullable().references("companys.id"),
    bossId: integer().nullable().references("employees.id"),
  },
  {
    get company(): RelationDef<Company | null> {
      return maybeOne(Company, { backPopulates: "employees" });
    },
    get boss(): RelationDef<Manager | null> {
      return maybeOne(Manager);
    },
  },
  { identity: "employee" },
) {
  static shout = hybrid(Employee, (c) => sql<string>`upper(${c.label})`);

  greet(): string {
    return `I am ${this.label}`;
  }
}

class Manager extends inherit(
  Employee,
  { level: integer().nullable() },
  {
    get office(): RelationDef<Office | null> {
      return maybeOne(Office, { backPopulates: "manager" });
    },
  },
  { identity: "manager" },
) {}

class Director extends inherit(Manager, { car: text().nullable().unique() }, {}, { identity: "director" }) {}

class Engineer extends inherit(Employee, { language: text().nullable() }, {}, { identity: "engineer" }) {}

class Office extends Base.model(
  { room: text(), managerId: integer().nullable().references("employees.id") },
  {
    get manager(): RelationDef<Manager | null> {
      return maybeOne(Manager, { backPopulates: "office" });
    },
  },
) {}

test("one table has the columns of all of them", () => {
  const { tables } = collectDeclarations([Employee]);
  const employees = tables.filter(({ name }) => name === "employees");
  assert.equal(employees.length, 1);
  assert.deepEqual(
    employees[0]!.columns.map(({ name, notNull }) => [name, notNull]),
    [
      ["kind", true],
      ["label", true],
      ["company_id", false],
      ["boss_id", false],
      ["id", true],
      ["level", false],
      ["car", false],
      ["language", false],
    ],
  );
  assert.deepEqual(employees[0]!.constraints.map(({ name }) => name).sort(), [
    "employees_boss_id_fkey",
    "employees_car_key",
    "employees_company_id_fkey",
    "employees_pkey",
  ]);
});

test("what contradicts itself is refused", () => {
  const refused = (make: () => unknown) => assert.throws(make, { code: "model.inheritance" });
  refused(() => inherit(Office, {}, {}, { identity: "x" }));
  refused(() => inherit(Employee, {}, {}, { identity: "manager" }));
  refused(() => inherit(Employee, { label: text().nullable() }, {}, { identity: "x" }));
  refused(() => inherit(Employee, { level: integer().nullable() }, {}, { identity: "x" }));
  refused(() => inherit(Employee, { size: integer() }, {}, { identity: "x" }));
  refused(() => inherit(Employee, { key: integer().nullable().primaryKey() }, {}, { identity: "x" }));
});

test("queries of a model that shares a table see its rows only", () => {
  assert.equal(
    String(select(Engineer.language)),
    `SELECT "employees"."language" FROM "employees" WHERE "employees"."kind" = $1`,
  );
  assert.match(
    String(select(func.count()).selectFrom(Manager).where(Manager.level.gt(1))),
    /WHERE "employees"."level" > \$1 AND "employees"."kind" = ANY \(\$2/,
  );
  assert.equal(
    String(select(Engineer.shout)),
    `SELECT upper("employees"."label") FROM "employees" WHERE "employees"."kind" = $1`,
  );
  const other = alias(Engineer, "other");
  assert.match(String(select(other.shout)), /FROM "employees" AS "other" WHERE "other"."kind" = \$1$/);
  assert.match(String(update(Engineer).set({ language: "x" })), /WHERE "employees"."kind" = \$2$/);
  assert.match(String(remove(Engineer)), /WHERE "employees"."kind" = \$1$/);
  assert.match(String(select(Company.id).where(Company.managers.any())), /AND "employees"."kind" = ANY/);
  assert.match(String(select(Office.id).leftJoin(Office.manager)), /ON .* AND "employees"."kind" = ANY/);
  assert.doesNotMatch(String(select(Employee)), /WHERE/);
});

onModels([Company, Employee, Manager, Director, Engineer, Office], (database) => {
  const fill = async () => {
    await using session = database().session();
    const boss = new Director({ label: "Dora", level: 9, car: "red", office: new Office({ room: "1" }) });
    const company = new Company({
      title: "Inc",
      employees: [
        boss,
        new Employee({ label: "Eve", boss }),
        new Manager({ label: "Max", level: 3, boss }),
        new Engineer({ label: "Ida", language: "Ada" }),
      ],
    });
    session.add(company);
    await session.commit();
    database().clear();
  };

  test("new ones are inserted with their identity, one statement for each kind; those that others refer to first", async () => {
    await fill();
    assert.deepEqual(await database().rows("SELECT kind, label, level, car, language FROM employees ORDER BY label"), [
      ["director", "Dora", 9, "red", null],
      ["employee", "Eve", null, null, null],
      ["engineer", "Ida", null, null, "Ada"],
      ["manager", "Max", 3, null, null],
    ]);
    assert.deepEqual(await database().rows("SELECT count(*)::integer FROM employees WHERE boss_id IS NOT NULL"), [[2]]);
  });

  test("a query of the base gives each row's own class, whole, in one statement", async () => {
    await fill();
    await using session = database().session();
    const all = (await session.execute(select(Employee).orderBy(Employee.label))).scalars().all();
    assert.deepEqual(
      all.map((each) => each.constructor),
      [Director, Employee, Engineer, Manager],
    );
    const [dora, eve, ida] = all;
    assert.ok(dora instanceof Director && dora instanceof Manager && dora instanceof Employee);
    assert.deepEqual([dora.level, dora.car, dora.kind, dora.greet()], [9, "red", "director", "I am Dora"]);
    assert.ok(ida instanceof Engineer);
    assert.equal(ida.language, "Ada");
    assert.equal(eve!.boss, dora);
    assert.equal(database().sent().length, 1);
    assert.deepEqual(session.dirty, []);
  });

  test("a query of an heir gives its rows, and the same objects", async () => {
    await fill();
    await using session = database().session();
    const managers = (await session.execute(select(Manager).orderBy(Manager.label))).scalars().all();
    assert.deepEqual(
      managers.map((each) => [each.label, each.constructor, each.level]),
      [
        ["Dora", Director, 9],
        ["Max", Manager, 3],
      ],
    );
    const dora = managers[0]!;
    assert.equal(await session.get(Employee, dora.id), dora);
    assert.equal(await session.get(Director, dora.id), dora);
    assert.equal(await session.get(Engineer, dora.id), null);
    assert.equal((await session.execute(select(Employee).where(Employee.shout.eq("DORA")))).scalarOne(), dora);
  });

  test("get, refresh and load read the row's own class", async () => {
    await fill();
    await using session = database().session();
    const [[id]] = (await database().rows("SELECT id FROM employees WHERE label = 'Dora'")) as [[number]];
    const dora = await session.get(Employee, id);
    assert.ok(dora instanceof Director);
    assert.equal(dora.car, "red");
    session.expire(dora);
    assert.throws(() => dora.car, { code: "orm.unloaded" });
    await session.refresh(dora);
    assert.equal(dora.car, "red");
    assert.equal((await dora.awaitable.office)?.room, "1");
  });

  test("UPDATE and DELETE of several kinds", async () => {
    await fill();
    await using session = database().session();
    const all = (await session.execute(select(Employee).orderBy(Employee.label))).scalars().all();
    const [dora, eve, ida] = all;
    assert.ok(dora instanceof Director && ida instanceof Engineer);
    dora.car = "blue";
    ida.language = "C";
    session.delete(eve!);
    database().clear();
    await session.commit();
    assert.deepEqual(
      database()
        .sent()
        .map(shape)
        .filter((each) => each !== "SELECT")
        .sort(),
      ["DELETE employees", "UPDATE employees", "UPDATE employees"],
    );
    assert.deepEqual(await database().rows("SELECT car, language FROM employees ORDER BY label"), [
      ["blue", null],
      [null, "C"],
      [null, null],
    ]);
  });

  test("relationships to the base and to an heir", async () => {
    await fill();
    await using session = database().session();
    const company = (await session.get(Company, 1))!;
    const [employees, managers] = [await company.awaitable.employees, await company.awaitable.managers];
    assert.deepEqual(employees.map(({ label }) => label).sort(), ["Dora", "Eve", "Ida", "Max"]);
    assert.deepEqual(managers.map(({ label }) => label).sort(), ["Dora", "Max"]);
    const ida = employees.find((each) => each instanceof Engineer)!;
    assert.equal(ida.company, company);
    assert.throws(() => new Office({ room: "x", manager: ida as never }), TypeError);
    const eve = employees.find(({ label }) => label === "Eve")!;
    assert.deepEqual(await session.load([eve, ida], "boss"), [managers.find(({ label }) => label === "Dora"), null]);
  });

  test("insert() writes the identity; a row of no known model is refused", async () => {
    await using session = database().session();
    await session.execute(insert(Engineer).values({ label: "Ida", language: "Ada" }));
    const [ida] = (await session.execute(select(Employee))).scalars().all();
    assert.ok(ida instanceof Engineer);
    assert.deepEqual(inspect(ida).changed, []);
    await session.execute(sql`INSERT INTO employees (kind, label) VALUES ('clown', 'Coco')`);
    await assert.rejects(session.execute(select(Employee)), { code: "orm.identity_unknown" });
  });
});
