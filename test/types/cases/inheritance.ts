/** Models that inherit. */
import {
  declarativeBase,
  inherit,
  integer,
  loadOnly,
  many,
  maybeOne,
  one,
  type RelationDef,
  select,
  selectinload,
  selectinPolymorphic,
  text,
  unique,
  withPolymorphic,
} from "athanor";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const exactly = <_T extends true>() => {};

const Base = declarativeBase({ columns: { id: integer().primaryKey().identity() } });

class Employee extends Base.model(
  { kind: text().discriminator(), label: text(), companyId: integer().references("company.id") },
  {
    get company() {
      return one(Company, { backPopulates: "employees" });
    },
    // From the base to what inherits from it: it says its type.
    get boss(): RelationDef<Manager | null> {
      return maybeOne(Manager);
    },
  },
  { identity: "employee" },
) {
  greet(): string {
    return this.label;
  }
}

class Manager extends inherit(
  Employee,
  { level: integer().nullable() },
  {
    get reports() {
      return many(Employee);
    },
  },
  { identity: "manager" },
) {
  promote(): number {
    return (this.level ?? 0) + this.label.length;
  }
}

class Director extends inherit(Manager, { car: text().nullable() }, {}, { identity: "director" }) {}

class Company extends Base.model(
  { title: text() },
  {
    get employees() {
      return many(Employee, { backPopulates: "company" });
    },
  },
) {}

const director = new Director({ label: "a", companyId: 1, level: 3, car: "red" });
exactly<Equal<typeof director.level, number | null>>();
exactly<Equal<typeof director.label, string>>();
exactly<Equal<typeof director.car, string | null>>();
const employee: Employee = director;
const title: string = director.company.employees[0]!.greet() + director.promote();
const reports: Employee[] = director.reports;
const query = select(Director).where(Director.level.gt(1), Director.label.eq("a"), Director.c.car.isNull());
exactly<Equal<(typeof query)["_rows"], [Director]>>();
// @ts-expect-error a required column of the base is missing
new Manager({ level: 3 });
// @ts-expect-error a column of another heir
new Manager({ label: "a", companyId: 1, car: "red" });
// @ts-expect-error an employee is no manager
const manager: Manager = employee;
// @ts-expect-error a number is not compared with a string
Director.level.eq("x");
// @ts-expect-error the identity has to be said
inherit(Employee, {}, {}, {});

// With a table of its own, whose key it may define itself.
class Engineer extends inherit(
  Employee,
  {
    id: integer().primaryKey().named("employee_id").references("employee.id"),
    language: text(),
  },
  {
    get pupils() {
      return many(Employee);
    },
  },
  { identity: "engineer", tablename: "engineers", polymorphicLoad: "inline", constraints: (c) => [unique(c.language)] },
) {}
class Senior extends inherit(Engineer, { years: integer() }, {}, { identity: "senior", tablename: "seniors" }) {}

const senior = new Senior({ label: "a", companyId: 1, language: "C", years: 3 });
exactly<Equal<typeof senior.id, number>>();
exactly<Equal<typeof senior.language, string>>();
const above: Engineer = senior;
const first: Employee = above;
const seniors = select(Senior, Senior.id, Senior.label).where(Senior.years.gt(1), Senior.language.eq("C"));
exactly<Equal<(typeof seniors)["_rows"], [Senior, number, string]>>();
// Options of the base hold for it, and its own for rows of the base.
select(Employee).options(withPolymorphic(Employee, [Engineer]), selectinload(Engineer.pupils), loadOnly(Senior.years));
select(Company).options(selectinload(Company.employees).options(selectinPolymorphic(Employee, [Engineer, Senior])));
// @ts-expect-error what has a table of its own may add what is required
new Engineer({ label: "a", companyId: 1 });
// @ts-expect-error the option of another model
select(Company).options(withPolymorphic(Employee, [Engineer]));
// @ts-expect-error there are two ways to load it
inherit(Employee, {}, {}, { identity: "x", tablename: "xs", polymorphicLoad: "joined" });
// @ts-expect-error the version is the base's
inherit(Employee, {}, {}, { identity: "x", tablename: "xs", version: "level" });

export const used = [title, reports, manager, first];
