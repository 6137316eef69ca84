/** What application code does with models, and what the compiler must refuse. */
import {
  array,
  type Column,
  char,
  composite,
  customType,
  type Init,
  insert,
  integer,
  jsonb,
  jsonNull,
  numeric,
  pgEnum,
  text,
} from "athanor";
import { Base, type Post, Profile, Tag, User } from "./models.js";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const exactly = <_T extends true>() => {};

const user = new User({ username: "a", email: "b", password: new Uint8Array() });
const username: string = user.username;
const label: string = user.label;
const manager: User | null = user.manager;
const title: string = user.posts[0]!.user.posts[0]!.tags[0]!.posts[0]!.title;
const kind: "MALE" | "FEMALE" | undefined = user.profile?.gender;

// A relationship gives the foreign key.
new Profile({ user, firstName: "x", gender: "MALE" });
// @ts-expect-error an INSERT knows no relationships
insert(Profile).values({ firstName: "x", gender: "MALE" });
insert(Profile).values({ userId: 1, firstName: "x", gender: "MALE" });

exactly<Equal<typeof user.id, number>>();
exactly<Equal<typeof user.createdAt, Date>>();
exactly<Equal<typeof user.managerId, number | null>>();
exactly<Equal<typeof user.posts, Post[]>>();
exactly<Equal<typeof user.profile, Profile | null>>();
exactly<Equal<Profile["interests"], string[] | null>>();
exactly<Equal<Profile["contacts"], Record<string, string> | null>>();
exactly<Equal<(typeof User.id)["_value"], number>>();
exactly<Equal<(typeof Tag.c.name)["_name"], "name">>();
const someColumn: Column<number | null> = User.id;

new User({ username: "a", email: "b", password: new Uint8Array(), id: 1, managerId: null, posts: [] });
new Profile({ userId: 1, firstName: "x", gender: "MALE", profession: "MANAGER" });
// @ts-expect-error a required column is missing
new User({ username: "a", email: "b" });
// @ts-expect-error a key that is no column
new Tag({ name: "a", nome: "b" });
// @ts-expect-error a string column is not compared with a number
User.username.eq(3);
// @ts-expect-error a string is not among numbers
User.id.in(["1"]);
// @ts-expect-error not one of the enum's labels
new Profile({ userId: 1, firstName: "x", gender: "X" });
// @ts-expect-error `Tag.name` is the class's own name
Tag.name.eq("x");
// @ts-expect-error a collection takes models of its own kind
user.posts.push(new Tag({ name: "x" }));
// @ts-expect-error no such column in constraints
Base.model({ a: text() }, {}, { constraints: (c) => [c.b] });

// A model's own column stands instead of the Base's.
class Country extends Base.model({ id: char(2).primaryKey(), population: numeric(12).nullable() }) {}
const country = new Country({ id: "FR" });
exactly<Equal<typeof country.id, string>>();
exactly<Equal<typeof country.population, string | null>>();
// @ts-expect-error its own key is not made by the database
new Country({});

// A Base extended: its columns reach the models.
const Soft = Base.extend({ columns: { deleted: text().nullable() } });
class Note extends Soft.model({ body: text() }) {}
const note = new Note({ body: "x" });
exactly<Equal<typeof note.deleted, string | null>>();
exactly<Equal<typeof note.id, number>>();

enum Color {
  Red = "red",
  Blue = "blue",
}
enum Level {
  Low,
  High,
}
const color = pgEnum("color", Color);
const size = pgEnum("size", { Small: "S", Large: "L" });
// @ts-expect-error numbers have no labels
pgEnum("level", Level);
const vectorCodec = { encode: (value: number[]) => JSON.stringify(value), decode: (): number[] => [] };
// @ts-expect-error without a codec, the value is text
customType<number[]>("vector(3)");
const address = composite("address", { street: text(), zip: char(5).nullable() });
class Thing extends Base.model({
  color: color(),
  size: size(),
  address: address(),
  grid: array(integer(), 2),
  words: array(text().nullable()),
  settings: jsonb<{ dark: boolean }>().default({ dark: true }),
  embedding: customType("vector(3)", { codec: vectorCodec }).nullable(),
}) {}
const thing = new Thing({
  color: Color.Red,
  size: "S",
  address: { street: "x", zip: null },
  grid: [[1]],
  words: [null],
});
thing.settings = jsonNull;
const red: Color = thing.color;
exactly<Equal<typeof thing.size, "S" | "L">>();
exactly<Equal<typeof thing.address, { street: string; zip: string | null }>>();
exactly<Equal<typeof thing.grid, number[][]>>();
exactly<Equal<typeof thing.words, (string | null)[]>>();
exactly<Equal<typeof thing.embedding, number[] | null>>();
// @ts-expect-error not a member of the enum
thing.color = "green";

class Link extends Base.model({
  target: text().transform({ read: (href) => new URL(href), write: (url: URL) => url.href }),
  icon: text()
    .nullable()
    .transform({ read: (href) => href.length, write: (length: number) => "x".repeat(length) }),
  all: array(integer().transform({ read: String, write: (digits: string) => Number(digits) })),
}) {}
exactly<Equal<Link["target"], URL>>();
exactly<Equal<Link["icon"], number | null>>();
exactly<Equal<Link["all"], string[]>>();
// @ts-expect-error what is written has to be the type's own value
text().transform({ read: Number, write: (value: number) => value });

type TagInit = Init<{ name: ReturnType<typeof text> }, Record<never, never>>;
exactly<Equal<TagInit["name"], string>>();

export { country, kind, label, manager, note, red, someColumn, thing, title, username };
