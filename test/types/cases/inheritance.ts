/** Models that share a table. */
import { declarativeBase, inherit, integer, many, maybeOne, one, type RelationDef, select, text } from "athanor";

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

export const used = [title, reports, manager];
