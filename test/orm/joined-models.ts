/** Models that inherit: some with a table of their own, some in the table above, over several levels. */

import {
  declarativeBase,
  hybrid,
  inherit,
  integer,
  many,
  maybeOne,
  type RelationDef,
  sql,
  text,
} from "../../src/index.js";

const Base = declarativeBase({
  columns: { id: integer().primaryKey().identity() },
  tablename: (name) => `${name.toLowerCase()}s`,
});

export class Company extends Base.model(
  { title: text() },
  {
    get employees(): RelationDef<Employee[]> {
      return many(Employee, { backPopulates: "company", orderBy: () => Employee.id });
    },
    get engineers(): RelationDef<Engineer[]> {
      return many(Engineer, { viewOnly: true, orderBy: () => [Engineer.language, Employee.id] });
    },
  },
) {}

export class Employee extends Base.model(
  {
    kind: text().discriminator(),
    label: text(),
    revision: integer().default(1),
    companyId: integer().nullable().references("companys.id"),
  },
  {
    get company(): RelationDef<Company | null> {
      return maybeOne(Company, { backPopulates: "employees" });
    },
  },
  { identity: "employee", version: "revision" },
) {
  static shout = hybrid(Employee, (c) => sql<string>`upper(${c.label})`);
}

/** With a table of its own, whose key is derived. */
export class Engineer extends inherit(
  Employee,
  { language: text(), mentorId: integer().nullable().references("engineers.id") },
  {
    get mentor(): RelationDef<Engineer | null> {
      return maybeOne(Engineer, { backPopulates: "pupils" });
    },
    get pupils(): RelationDef<Engineer[]> {
      return many(Engineer, { backPopulates: "mentor" });
    },
    get tools(): RelationDef<Tool[]> {
      return many(Tool, { backPopulates: "engineer", cascade: "all, delete-orphan" });
    },
    get skills(): RelationDef<Skill[]> {
      return many(Skill, { backPopulates: "engineers", secondary: "skills_of_engineers" });
    },
  },
  { identity: "engineer", tablename: "engineers" },
) {}

/** A third level, with a column of a sibling's name. */
export class Architect extends inherit(
  Engineer,
  { budget: integer() },
  {},
  { identity: "architect", tablename: "architects" },
) {}

/** In the table of the engineers. */
export class Tester extends inherit(Engineer, { bugs: integer().nullable() }, {}, { identity: "tester" }) {}

/** With a table of its own, whose key it defines itself. */
export class Manager extends inherit(
  Employee,
  {
    id: integer().primaryKey().named("employee_id").references("employees.id", { onDelete: "cascade" }),
    budget: integer().unique(),
    officeId: integer().nullable().references("offices.id"),
  },
  {
    get office(): RelationDef<Office | null> {
      return maybeOne(Office, { lazy: "joined" });
    },
  },
  { identity: "manager", tablename: "managers" },
) {}

/** In the employees' table. */
export class Trainee extends inherit(Employee, { school: text().nullable() }, {}, { identity: "trainee" }) {}

export class Office extends Base.model({ room: text() }) {}

export class Tool extends Base.model(
  {
    title: text(),
    engineerId: integer()
      .nullable()
      .references(() => Engineer.id),
  },
  {
    get engineer(): RelationDef<Engineer | null> {
      return maybeOne(Engineer, { backPopulates: "tools" });
    },
  },
) {}

export class Skill extends Base.model(
  { title: text() },
  {
    get engineers(): RelationDef<Engineer[]> {
      return many(Engineer, { backPopulates: "skills", secondary: "skills_of_engineers" });
    },
  },
) {}

export const models = [Company, Employee, Engineer, Architect, Tester, Manager, Trainee, Office, Tool, Skill];
