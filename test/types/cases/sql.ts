import { type Sql, sql } from "athanor";
import { type Equal, expectType } from "./expect.js";

const untyped = sql`SELECT ${1}`;
expectType<Equal<typeof untyped, Sql<unknown>>>();

const typed = sql<{ id: number }>`SELECT id FROM users`;
expectType<Equal<typeof typed, Sql<{ id: number }>>>();

// @ts-expect-error a name is text
sql.identifier(1);

// @ts-expect-error a statement's text can't be changed
typed.strings = [];
