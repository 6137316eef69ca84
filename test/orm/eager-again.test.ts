/** What eager loading owes for objects that the session has already. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { declarativeBase, integer, many, one, select, selectinload, text } from "../../src/index.js";
import { onModels } from "../support/models.js";

const Base = declarativeBase({
  columns: { id: integer().primaryKey().identity() },
  tablename: (name) => `${name.toLowerCase()}s`,
});

class Author extends Base.model(
  { name: text() },
  {
    get books() {
      return many(Book, { backPopulates: "author" });
    },
  },
) {}

class Book extends Base.model(
  { title: text(), authorId: integer().references("authors.id") },
  {
    get author() {
      return one(Author, { backPopulates: "books" });
    },
    get chapters() {
      return many(Chapter, { backPopulates: "book" });
    },
  },
) {}

class Chapter extends Base.model(
  { title: text(), bookId: integer().references("books.id") },
  {
    get book() {
      return one(Book, { backPopulates: "chapters" });
    },
  },
) {}

onModels([Author, Book, Chapter], (database) => {
  test("an option goes on from members that were loaded before", async () => {
    await using writing = database().session();
    const chapters = [new Chapter({ title: "c1" }), new Chapter({ title: "c2" })];
    writing.add(new Author({ name: "a", books: [new Book({ title: "b", chapters })] }));
    await writing.commit();
    await writing.close();

    await using session = database().session();
    const [author] = (await session.execute(select(Author))).scalars().all();
    await session.load(author!, "books");
    author!.books.push(new Book({ title: "new, without a row" }));
    database().clear();
    await session.noAutoflush(async () => {
      await session.execute(select(Author).options(selectinload(Author.books).selectinload(Book.chapters)));
    });
    assert.deepEqual(author!.books[0]!.chapters.map(({ title }) => title).sort(), ["c1", "c2"]);
    assert.equal(database().sent().length, 2, "the books are not read again");
  });
});
