/** Models with what is rare: composite and natural keys, keys of the server's making, cycles, every kind of column. */

import {
  array,
  bytea,
  declarativeBase,
  foreignKey,
  integer,
  jsonb,
  many,
  maybeOne,
  numeric,
  one,
  pgEnum,
  sql,
  text,
  uuid,
  varchar,
} from "../../src/index.js";

export const Base = declarativeBase({ tablename: (name) => `${name.toLowerCase()}s` });

export const mood = pgEnum("mood", ["happy", "sad"]);

/** A key that PostgreSQL makes, and no sequence. */
export class Document extends Base.model({
  id: uuid().primaryKey().serverDefault(sql`gen_random_uuid()`),
  title: varchar(5),
  size: integer().generated((c) => sql`length(${c.title})`),
  mood: mood().nullable(),
  tags: array(text()).nullable(),
  matrix: array(integer(), 2).nullable(),
  data: bytea().nullable(),
  extra: jsonb<unknown>().nullable(),
  price: numeric(10, 2).nullable(),
}) {}

/** A natural key that may change, and children that follow. */
export class Country extends Base.model(
  { code: text().primaryKey(), name: text() },
  {
    get cities() {
      return many(City, { backPopulates: "country", orderBy: () => City.c.name.desc() });
    },
  },
) {}

export class City extends Base.model(
  {
    id: integer().primaryKey().identity(),
    name: text(),
    countryCode: text().nullable().references("countrys.code", { onUpdate: "cascade" }),
  },
  {
    get country() {
      return maybeOne(Country, { backPopulates: "cities" });
    },
  },
) {}

/** A composite key, half of which is a foreign key, and children that refer to it whole. */
export class Order extends Base.model(
  { id: integer().primaryKey().identity() },
  {
    get lines() {
      return many(Line, { backPopulates: "order", cascade: "all, delete-orphan" });
    },
  },
) {}

export class Line extends Base.model(
  {
    orderId: integer().primaryKey().references("orders.id"),
    number: integer().primaryKey(),
    text: text().default("nothing"),
  },
  {
    get order() {
      return one(Order, { backPopulates: "lines" });
    },
    get parts() {
      return many(Part, { backPopulates: "line", cascade: "all" });
    },
  },
) {}

export class Part extends Base.model(
  {
    id: integer().primaryKey().identity(),
    orderId: integer().nullable(),
    number: integer().nullable(),
  },
  {
    get line() {
      return maybeOne(Line, { backPopulates: "parts" });
    },
  },
  { constraints: (c) => [foreignKey(c.orderId, c.number).references(() => Line)] },
) {}

/** Two tables that refer to each other. */
export class Team extends Base.model(
  {
    id: integer().primaryKey().identity(),
    name: text(),
    captainId: integer().nullable().references("players.id"),
  },
  {
    get captain() {
      return maybeOne(Player, { foreignKey: "teams.captain_id" });
    },
    get players() {
      return many(Player, { backPopulates: "team", foreignKey: "players.team_id" });
    },
  },
) {}

export class Player extends Base.model(
  { id: integer().primaryKey().identity(), name: text(), teamId: integer().references("teams.id") },
  {
    get team() {
      return one(Team, { backPopulates: "players", foreignKey: "players.team_id" });
    },
  },
) {}

/** Children that are left to ON DELETE CASCADE. */
export class Folder extends Base.model(
  { id: integer().primaryKey().identity() },
  {
    get files() {
      return many(File, { cascade: "all", passiveDeletes: true });
    },
    get seen() {
      return many(File, { viewOnly: true });
    },
  },
) {}

export class File extends Base.model({
  id: integer().primaryKey().identity(),
  folderId: integer().nullable().references("folders.id", { onDelete: "cascade" }),
}) {}

/** Has more entries than anybody would load. */
export class Log extends Base.model(
  { id: integer().primaryKey().identity() },
  {
    get entries() {
      return many(Entry, { backPopulates: "log", lazy: "write-only" });
    },
  },
) {}

export class Entry extends Base.model(
  {
    id: integer().primaryKey().identity(),
    logId: integer().nullable().references("logs.id", { onDelete: "cascade" }),
  },
  {
    get log() {
      return maybeOne(Log, { backPopulates: "entries" });
    },
  },
) {}

/** Follows itself. */
export class Person extends Base.model(
  { id: integer().primaryKey().identity(), name: text() },
  {
    get following() {
      return many(Person, { backPopulates: "followers", secondary: () => Follow, foreignKey: () => Follow.fromId });
    },
    get followers() {
      return many(Person, { backPopulates: "following", secondary: () => Follow, foreignKey: () => Follow.toId });
    },
  },
) {}

export class Follow extends Base.model({
  fromId: integer().primaryKey().references("persons.id"),
  toId: integer().primaryKey().references("persons.id"),
}) {}

/** A key that only PostgreSQL may give. */
export class Ticket extends Base.model({ id: integer().primaryKey().identity({ always: true }), name: text() }) {}

/** Two ways to one join table: over it, and by its rows. */
export class Role extends Base.model(
  { id: integer().primaryKey().identity() },
  {
    get permissions() {
      return many(Permission, { secondary: () => Grant });
    },
    get grants() {
      return many(Grant, { backPopulates: "role", cascade: "all, delete-orphan" });
    },
  },
) {}

export class Permission extends Base.model({ id: integer().primaryKey().identity() }) {}

export class Grant extends Base.model(
  {
    roleId: integer().primaryKey().references("roles.id"),
    permissionId: integer().primaryKey().references("permissions.id"),
    note: text().nullable(),
  },
  {
    get role() {
      return one(Role, { backPopulates: "grants" });
    },
    get permission() {
      return one(Permission);
    },
  },
) {}

export class Keyless extends Base.model({ name: text() }) {}

export const models = [
  Document,
  Country,
  City,
  Order,
  Line,
  Part,
  Team,
  Player,
  Folder,
  File,
  Log,
  Entry,
  Person,
  Follow,
  Ticket,
  Role,
  Permission,
  Grant,
  Keyless,
];
