/** Views are read as models are, and written by nobody. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { alias, boolean, declarativeBase, func, index, integer, refresh, select, sql, text } from "../../src/index.js";
import { onModels } from "../support/models.js";

const Base = declarativeBase({
  columns: { id: integer().primaryKey().identity() },
  tablename: (name) => `${name.toLowerCase()}s`,
});

class Person extends Base.model({ label: text(), isActive: boolean() }) {}

class Active extends Base.view(
  { id: integer().primaryKey(), label: text() },
  { as: () => select(Person.id, Person.label).where(Person.isActive.eq(true)), checkOption: "local" },
) {
  get shout(): string {
    return this.label.toUpperCase();
  }
}

class Total extends Base.view(
  { isActive: boolean(), people: integer() },
  {
    as: sql`SELECT is_active, count(*)::int AS people FROM ${sql.identifier("persons")} GROUP BY is_active`,
    materialized: true,
    indexes: (c) => [index(c.isActive).unique()],
  },
) {}

onModels([Person, Active, Total], (database) => {
  const filled = async () => {
    await using session = database().session();
    session.addAll([new Person({ label: "Ada", isActive: true }), new Person({ label: "Bo", isActive: false })]);
    await session.commit();
  };

  test("rows of a view with a key are objects, one for each row", async () => {
    await filled();
    await using session = database().session();
    const found = (await session.execute(select(Active))).scalars().one();
    assert.ok(found instanceof Active);
    assert.equal(found.shout, "ADA");
    assert.equal(await session.get(Active, found.id), found);
    const other = alias(Active, "other");
    const joined = select(Person.label, other.label).join(other, other.id.eq(Person.id));
    assert.deepEqual(await session.execute(joined).then((result) => result.all().map((row) => [...row])), [
      ["Ada", "Ada"],
    ]);
  });

  test("a session refuses to write them", async () => {
    await filled();
    await using session = database().session();
    const refusal = { name: "MappingError", code: "orm.view", message: /^Active is a view/ };
    assert.throws(() => session.add(new Active({ id: 7, label: "Cy" })), refusal);
    const found = (await session.execute(select(Active))).scalars().one();
    await assert.rejects(async () => session.delete(found), refusal);
    found.label = "Eve";
    await assert.rejects(() => session.flush(), refusal);
  });

  test("a view without a key is read by its columns, and as objects it is refused", async () => {
    await filled();
    await using session = database().session();
    await session.execute(refresh(Total));
    const totals = await session.execute(select(Total.isActive, Total.people).orderBy(Total.isActive));
    assert.deepEqual(
      totals.all().map((row) => [...row]),
      [
        [false, 1],
        [true, 1],
      ],
    );
    await assert.rejects(() => session.execute(select(Total)), { code: "orm.no_key" });
  });

  test("what is materialized is as it was refreshed last", async () => {
    await using session = database().session();
    await session.execute(refresh(Total));
    const count = () => session.execute(select(func.count(Total.people))).then((result) => result.scalarOne());
    await session.commit();
    await filled();
    assert.equal(await count(), 0n);
    await session.execute(refresh(Total, { concurrently: true }));
    assert.equal(await count(), 2n);
    await session.execute(refresh(Total, { withData: false }));
    await session.commit();
    assert.throws(() => refresh(Active), {
      code: "query.not_materialized",
      message: /^Active is no materialized view/,
    });
  });
});
