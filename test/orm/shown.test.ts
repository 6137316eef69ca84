/** What looks at whole objects sees: JSON, spreading, console.log, comparisons. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect as show } from "node:util";
import { inspect, select } from "../../src/index.js";
import { onModels } from "../support/models.js";
import { City, Country, models } from "./models.js";

onModels(models, (database) => {
  async function germany() {
    const session = database().session();
    const country = new Country({ code: "DE", name: "Germany", cities: [new City({ name: "Ulm" })] });
    session.add(country);
    await session.commit();
    return { session, country, city: country.cities[0]! };
  }

  test("an object is its columns; relationships to both sides make no circle", async () => {
    const { session, country, city } = await germany();
    await using _ = session;
    assert.equal(city.country, country);
    assert.equal(JSON.stringify(country), '{"code":"DE","name":"Germany"}');
    assert.equal(
      JSON.stringify({ ...country, cities: country.cities }),
      '{"code":"DE","name":"Germany","cities":[{"name":"Ulm","countryCode":"DE","id":1}]}',
    );
    assert.equal(show(country), "Country { code: 'DE', name: 'Germany' }");
  });

  test("a collection is an array like any other to what compares and shows it", async () => {
    const { session, country, city } = await germany();
    await using _ = session;
    assert.deepEqual(country.cities, [city]);
    assert.equal(Object.getPrototypeOf(country.cities), Array.prototype);
    assert.equal(country.cities, country.cities);
    assert.deepEqual(Object.keys(country.cities), ["0"]);
    assert.equal(show([city]), show(country.cities));
    assert.deepEqual(new Country({ code: "FR", name: "France" }).cities, []);
    assert.deepEqual(structuredClone(country.cities.map(({ name }) => name)), ["Ulm"]);
    const bonn = new City({ name: "Bonn" });
    assert.equal(country.cities.push(bonn), 2);
    assert.equal(bonn.country, country);
    assert.deepEqual(country.cities.splice(0), [city, bonn]);
    assert.deepEqual([country.cities, city.country, bonn.country], [[], null, null]);
  });

  test("what is not loaded is passed by, and comes back when it is loaded", async () => {
    const { session, country } = await germany();
    await using _ = session;
    session.expire(country);
    assert.equal(show(country), "Country { code: 'DE' }");
    assert.equal(JSON.stringify(country), '{"code":"DE"}');
    assert.deepEqual({ ...country }, { code: "DE" });
    assert.deepEqual(inspect(country).unloaded, ["name", "cities"]);
    await session.refresh(country);
    assert.equal(JSON.stringify(country), '{"code":"DE","name":"Germany"}');
    session.expire(country);
    country.name = "Deutschland";
    assert.deepEqual({ ...country }, { code: "DE", name: "Deutschland" });
  });

  test("the same of a query for some columns, and of a closed session", async () => {
    const { session, country } = await germany();
    session.expire(country, ["name"]);
    await session.close();
    assert.equal(show(country), "Country { code: 'DE' }");
    await using other = database().session();
    const [found] = (await other.execute(select(City))).scalars().all();
    assert.throws(() => found?.country, { code: "orm.unloaded" });
    assert.equal(JSON.stringify(found), '{"id":1,"name":"Ulm","countryCode":"DE"}');
  });
});
