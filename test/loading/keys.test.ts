/** Which rows belong to an object where its key is a whole number, which a number and a bigint may both stand for. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { bigint, declarativeBase, many, one, type RelationDef, text } from "../../src/index.js";
import { onModels } from "../support/models.js";

const Base = declarativeBase({ columns: { id: bigint().primaryKey() } });

class Shelf extends Base.model(
  { label: text() },
  {
    get books(): RelationDef<Book[]> {
      return many(Book, { backPopulates: "shelf", orderBy: () => Book.id });
    },
  },
) {}

class Book extends Base.model(
  { title: text(), shelfId: bigint().references(() => Shelf.id) },
  {
    get shelf(): RelationDef<Shelf> {
      return one(Shelf, { backPopulates: "books" });
    },
  },
) {}

onModels([Shelf, Book], (database) => {
  test("a key that was given as a number finds the rows that have it as a bigint", async () => {
    await using session = database().session({ expireOnCommit: false });
    const shelf = new Shelf({ id: 7n, label: "poems" });
    session.add(shelf);
    await session.flush();
    session.addAll([new Book({ id: 1n, title: "a", shelfId: 7n }), new Book({ id: 2n, title: "b", shelfId: 7n })]);
    await session.flush();
    session.expire(shelf, ["books"]);
    // As JSON or a form gives it: no change, since it is the same number.
    Object.assign(shelf, { id: 7 });
    database().clear();
    await session.load(shelf, "books");
    assert.deepEqual(
      shelf.books.map((book) => book.title),
      ["a", "b"],
    );
    assert.match(database().sent().join(), /WHERE "book"."shelf_id" = ANY \(\$1\)/);
  });
});
