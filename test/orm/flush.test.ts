/** What flushes do with rare keys, cycles, and every kind of column. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { insert, inspect, select, sql } from "../../src/index.js";
import { onModels, shape } from "../support/models.js";
import {
  City,
  Country,
  Document,
  Entry,
  File,
  Folder,
  Grant,
  Keyless,
  Line,
  Log,
  models,
  Order,
  Part,
  Permission,
  Person,
  Player,
  Role,
  Team,
  Ticket,
} from "./models.js";

onModels(models, (database) => {
  const shapes = () =>
    database()
      .sent()
      .map(shape)
      .filter((each) => each !== "SELECT");

  test("keys of the server's making: each object gets its own, and the values it was sent with", async () => {
    await using session = database().session();
    const documents = Array.from({ length: 500 }, (_, i) => new Document({ title: `t${i}` }));
    session.addAll(documents);
    await session.commit();
    assert.deepEqual(shapes(), ["INSERT documents"]);
    const rows = new Map((await database().rows("SELECT id, title FROM documents")) as [string, string][]);
    assert.ok(documents.every((document) => rows.get(document.id) === document.title));
    assert.equal(documents[10]!.size, 3);
  });

  const everyKind = () => [
    new Document({
      title: "a",
      mood: "happy",
      tags: ['x"y', "", "NULL", "{}"],
      matrix: [
        [1, 2],
        [3, 4],
      ],
      data: new Uint8Array([0, 1, 255]),
      extra: ["a", { b: null }],
      price: "1.50",
    }),
    new Document({ title: "b", tags: [], extra: "text", data: new Uint8Array() }),
    new Document({ title: "c" }),
  ];

  test("every kind of column, many at once", async () => {
    await using session = database().session();
    const documents = everyKind();
    session.addAll(documents);
    await session.commit();
    const ids = documents.map(({ id }) => id);
    const expected = documents.map((document) => ({ ...document }));
    session.expungeAll();
    for (const [i, id] of ids.entries()) {
      const read = (await session.get(Document, id))!;
      assert.deepEqual(
        { ...read, data: read.data && [...read.data] },
        { ...expected[i], data: expected[i]!.data && [...expected[i]!.data] },
      );
      assert.equal(session.isModified(read), false);
      read.matrix = [[5], [6]];
      read.data = new Uint8Array([7]);
      read.mood = "sad";
    }
    database().clear();
    await session.commit();
    assert.deepEqual(shapes(), ["UPDATE documents"]);
    assert.deepEqual(await database().rows("SELECT DISTINCT matrix, mood::text, data = '\\x07' FROM documents"), [
      [[[5], [6]], "sad", true],
    ]);
  });

  test("every kind of column, one at a time", async () => {
    await using session = database().session();
    for (const document of everyKind()) {
      session.add(document);
      await session.flush();
      const expected = { ...document };
      await session.refresh(document);
      assert.deepEqual({ ...document }, expected);
    }
    database().clear();
    for (const document of (await session.execute(select(Document))).scalars().all()) {
      document.matrix = [[5], [6]];
      document.data = new Uint8Array([7]);
      document.mood = "sad";
      await session.flush();
    }
    assert.deepEqual(
      shapes(),
      Array.from({ length: 3 }, () => "UPDATE documents"),
    );
    await session.commit();
    assert.deepEqual(await database().rows("SELECT DISTINCT matrix, mood::text, data = '\\x07' FROM documents"), [
      [[[5], [6]], "sad", true],
    ]);
    for (const document of (await session.execute(select(Document))).scalars().all()) {
      session.delete(document);
      await session.flush();
    }
    await session.commit();
    assert.deepEqual(await database().rows("SELECT count(*)::int FROM documents"), [[0]]);
  });

  test("what is too long is refused, not cut", async () => {
    await using session = database().session();
    session.add(new Document({ title: "too long" }));
    await assert.rejects(session.flush(), { name: "DataError" });
  });

  test("SQL in place of a value", async () => {
    await using session = database().session();
    const document = new Document({ title: "a", price: "1.00" });
    session.add(document);
    await session.flush();
    Object.assign(document, { price: sql`price + ${2}`, title: sql`upper(title)` });
    await session.flush();
    assert.deepEqual([document.price, document.title, document.size], ["3.00", "A", 1]);
  });

  test("a natural key that changes: foreign keys follow in the database and in memory", async () => {
    await using session = database().session();
    const country = new Country({
      code: "DD",
      name: "x",
      cities: [new City({ name: "Berlin" }), new City({ name: "Ulm" })],
    });
    session.add(country);
    await session.commit();
    country.code = "DE";
    database().clear();
    await session.commit();
    assert.deepEqual(shapes(), ["UPDATE countrys"]);
    assert.deepEqual(
      country.cities.map((city) => [city.countryCode, session.isModified(city)]),
      [
        ["DE", false],
        ["DE", false],
      ],
    );
    assert.equal(await session.get(Country, "DE"), country);
    session.expire(country, ["cities"]);
    const cities = await session.load(country, "cities");
    assert.deepEqual(
      cities.map(({ name }) => name),
      ["Ulm", "Berlin"],
    );
  });

  test("composite keys, filled from what they refer to", async () => {
    await using session = database().session();
    const order = new Order({});
    const line = new Line({ number: 2, parts: [new Part({})] });
    order.lines.push(new Line({ number: 1 }), line);
    session.add(order);
    await session.commit();
    assert.deepEqual(shapes(), ["INSERT orders", "INSERT lines", "INSERT parts"]);
    assert.deepEqual({ ...line.parts[0] }, { id: 1, orderId: 1, number: 2 });
    assert.equal(await session.get(Line, [1, 2]), line);
    assert.equal(await session.get(Line, { number: 2, orderId: 1 }), line);
    session.expungeAll();
    session.delete((await session.get(Order, 1))!);
    database().clear();
    await session.commit();
    assert.deepEqual(shapes(), ["DELETE parts", "DELETE lines", "DELETE orders"]);
  });

  test("two tables that refer to each other: a nullable foreign key waits", async () => {
    await using session = database().session();
    const captain = new Player({ name: "c", teamId: 0 });
    const team = new Team({ name: "t", captain, players: [captain, new Player({ name: "p", teamId: 0 })] });
    session.add(team);
    await session.commit();
    assert.deepEqual([team.captainId, captain.teamId], [captain.id, team.id]);
    assert.deepEqual(await database().rows("SELECT captain_id FROM teams"), [[captain.id]]);
    database().clear();
    for (const object of [team, ...team.players]) session.delete(object);
    await session.commit();
    assert.deepEqual(shapes(), ["UPDATE teams", "DELETE players", "DELETE teams"]);
  });

  test("passive deletes: what isn't loaded is left to the database", async () => {
    await using session = database().session();
    session.add(new Folder({ files: [new File({}), new File({})] }));
    await session.commit();
    session.expungeAll();
    database().clear();
    session.delete((await session.get(Folder, 1))!);
    await session.commit();
    assert.deepEqual(database().sent().map(shape), ["SELECT", "DELETE folders"]);
    assert.deepEqual(await database().rows("SELECT * FROM files"), []);
  });

  test("view only: read, and not written", async () => {
    await using session = database().session();
    const folder = new Folder({});
    const file = new File({});
    session.addAll([folder, file]);
    folder.seen.push(file);
    await session.flush();
    assert.equal(file.folderId, null);
    file.folderId = folder.id;
    await session.flush();
    session.expire(folder, ["seen"]);
    assert.deepEqual([...(await session.load(folder, "seen"))], [file]);
  });

  test("write-only: members come and go, and none is read", async () => {
    await using session = database().session();
    const log = new Log({ entries: [new Entry({})] });
    session.add(log);
    await session.flush();
    const added = new Entry({});
    log.entries.push(added);
    assert.equal(added.log, log);
    await session.flush();
    assert.deepEqual([added.logId, inspect(added).lifecycle], [log.id, "persistent"]);
    assert.throws(() => log.entries.length, { code: "orm.unloaded" });
    assert.throws(() => Object.assign(log, { entries: [] }), { code: "orm.unloaded" });
    await assert.rejects(session.load(log, "entries"), { code: "orm.write_only" });
    added.log = null;
    database().clear();
    await session.commit();
    assert.deepEqual(database().sent().map(shape), ["UPDATE entrys"]);
    session.delete(log);
    await session.commit();
    assert.deepEqual(await database().rows("SELECT id, log_id FROM entrys"), [[added.id, null]]);
  });

  test("a table joined with itself", async () => {
    await using session = database().session();
    const [a, b, c] = ["a", "b", "c"].map((name) => new Person({ name })) as [Person, Person, Person];
    a.following.push(b, c);
    b.following.push(a);
    session.addAll([a, b, c]);
    await session.commit();
    assert.deepEqual(await database().rows("SELECT from_id, to_id FROM follows ORDER BY 1, 2"), [
      [1, 2],
      [1, 3],
      [2, 1],
    ]);
    a.followers.pop();
    c.followers.shift();
    await session.commit();
    assert.deepEqual(await database().rows("SELECT from_id, to_id FROM follows"), [[1, 2]]);
    session.expungeAll();
    const loaded = (await session.get(Person, 2))!;
    assert.deepEqual(
      (await loaded.awaitable.followers).map(({ name }) => name),
      ["a"],
    );
  });

  test("a foreign key set by hand: the relationship is asked for anew", async () => {
    await using session = database().session();
    const [de, fr] = [new Country({ code: "DE", name: "x" }), new Country({ code: "FR", name: "y" })];
    const city = new City({ name: "Metz", country: de });
    session.addAll([city, fr]);
    await session.flush();
    city.countryCode = "FR";
    await session.flush();
    assert.equal(city.country, fr);
  });

  test("replacing a collection that was not loaded", async () => {
    await using session = database().session();
    session.add(
      new Country({ code: "DE", name: "x", cities: [new City({ name: "Ulm" }), new City({ name: "Bonn" })] }),
    );
    await session.commit();
    session.expungeAll();
    const country = (await session.get(Country, "DE"))!;
    country.cities = [new City({ name: "Kiel" })];
    await session.commit();
    assert.deepEqual(await database().rows("SELECT name, country_code FROM citys ORDER BY name"), [
      ["Bonn", null],
      ["Kiel", "DE"],
      ["Ulm", null],
    ]);
  });

  test("a key that only PostgreSQL may give is drawn anew after a rollback", async () => {
    await using session = database().session();
    const ticket = new Ticket({ name: "x" });
    session.add(ticket);
    await session.flush();
    await session.rollback();
    session.add(ticket);
    await session.commit();
    assert.deepEqual(await database().rows("SELECT id, name FROM tickets"), [[ticket.id, "x"]]);
    await session.execute(insert(Ticket).overriding("system").values({ id: 77, name: "y" }));
    assert.equal((await session.get(Ticket, 77))?.name, "y");
    await assert.rejects(session.execute(insert(Ticket).values({ id: 78, name: "z" })), { sqlstate: "428C9" });
  });

  test("row 25: an association object beside a many-to-many over its table: each link is deleted once", async () => {
    await using session = database().session();
    const [one, two] = [new Permission({}), new Permission({})];
    const grant = new Grant({ roleId: 0, permissionId: 0, permission: one, note: "n" });
    const role = new Role({ grants: [grant], permissions: [two] });
    session.add(role);
    await session.commit();
    assert.deepEqual(await database().rows("SELECT permission_id, note FROM grants ORDER BY 2"), [
      [one.id, "n"],
      [two.id, null],
    ]);
    await session.refresh(role);
    assert.equal((await session.load(role, "permissions")).length, 2);
    session.delete(role);
    await session.commit();
    assert.deepEqual(await database().rows("SELECT * FROM grants"), []);
  });

  test("as many members as there are go with their owner", async () => {
    await database().rows("INSERT INTO orders DEFAULT VALUES");
    await database().rows(
      "INSERT INTO lines (order_id, number, text) SELECT 1, n, '' FROM generate_series(1, 150000) n",
    );
    await using session = database().session();
    session.delete((await session.get(Order, 1))!);
    await session.commit();
    assert.deepEqual(await database().rows("SELECT count(*) FROM lines"), [[0n]]);
  });

  test("refused with a sentence", async () => {
    await using session = database().session();
    assert.throws(() => session.add(new Keyless({ name: "x" })), {
      code: "orm.no_key",
      message: /Keyless has no primary key/,
    });
    session.add(new Country({ ...{ code: undefined as unknown as string }, name: "x" }));
    await assert.rejects(session.flush(), { code: "flush.no_key", message: /Country\.code/ });
    await session.rollback();
    session.add(new Country({ code: "DE", name: "x" }));
    await session.flush();
    session.add(new Country({ code: "DE", name: "y" }));
    await assert.rejects(session.flush(), { code: "flush.identity_taken" });
    await session.rollback();
    const order = new Order({ lines: [new Line({ number: 1, parts: [new Part({})] })] });
    session.add(order);
    await session.flush();
    assert.equal(inspect(order.lines[0]!).lifecycle, "persistent");
    assert.throws(() => Object.assign(order, { lines: [order] }), TypeError);
  });

  test("statements for few rows are kept prepared; one that joins many with a table is planned for them", async () => {
    await using session = database().session();
    const people = Array.from({ length: 11 }, (_, i) => new Person({ name: `p${i}` }));
    session.addAll(people);
    await session.flush();
    const update = async (count: number) => {
      for (const person of people.slice(0, count)) person.name += "!";
      await session.flush();
      const result = await session.execute(
        sql<
          [string]
        >`SELECT split_part(statement, ' ', 1) FROM pg_prepared_statements WHERE statement LIKE '%"persons"%'`,
      );
      return result.all().map(([command]) => command);
    };
    const [before, many, few] = [await update(0), await update(11), await update(10)];
    assert.ok(before.includes("INSERT"));
    assert.deepEqual(
      [before, many, few].map((each) => each.includes("UPDATE")),
      [false, false, true],
    );
  });
});
