/** What a flush can't write: refused with a sentence, before anything is sent. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { onModels } from "../support/models.js";
import { Country, Grant, Line, models, Order, Permission, Player, Role, Team } from "./models.js";

onModels(models, (database) => {
  async function teamOfTwo() {
    const session = database().session();
    const players = ["a", "b"].map((name) => new Player({ name, teamId: 0 }));
    const team = new Team({ name: "t", players });
    session.add(team);
    await session.commit();
    return { session, team, players };
  }

  test("a parent is deleted and its members' foreign key is NOT NULL", async () => {
    const { session, team, players } = await teamOfTwo();
    await using _ = session;
    session.delete(team);
    database().clear();
    await assert.rejects(session.flush(), {
      name: "MappingError",
      code: "flush.key_blanked",
      message: `Player.teamId would become NULL, and it is not nullable: the Player left Team.players, or the Team is deleted. Delete the Player too, by session.delete() or with the cascade "all, delete-orphan" on Team.players; give it to another Team; or leave it to ON DELETE with passiveDeletes: "all".`,
    });
    assert.deepEqual(database().sent(), []);
    for (const player of players) session.delete(player);
    await session.commit();
    assert.deepEqual(await database().rows("SELECT * FROM players"), []);
  });

  test("the same of members that are not loaded", async () => {
    await using session = (await teamOfTwo()).session;
    session.expungeAll();
    session.delete((await session.get(Team, 1))!);
    await assert.rejects(session.flush(), { code: "flush.key_blanked", message: /^Player\.teamId/ });
    await session.rollback();
    assert.equal((await session.get(Team, 1))?.name, "t");
  });

  test("a member is taken out of a collection, or its side is set to null", async () => {
    const { session, team, players } = await teamOfTwo();
    await using _ = session;
    team.players.pop();
    await assert.rejects(session.flush(), { code: "flush.key_blanked" });
    team.players.push(players[1]!);
    await session.flush();
    Object.assign(players[0]!, { team: null });
    await assert.rejects(session.flush(), { code: "flush.key_blanked", message: /^Player\.teamId/ });
  });

  test("a value that is not of the column's type: by its model and attribute, and nothing is stored", async () => {
    await using session = database().session();
    const country = new Country({ code: "DE", name: "Germany" });
    session.add(country);
    await session.commit();
    Object.assign(country, { name: 3 });
    await assert.rejects(session.flush(), {
      name: "DataError",
      code: "value.unstorable",
      message: "Country.name can't be stored: it is a number and its type takes a string.",
    });
    await session.rollback();
    await session.refresh(country);
    assert.equal(country.name, "Germany");
    Object.assign(country, { name: true });
    await assert.rejects(session.commit(), { code: "value.unstorable" });
  });

  test("a relationship without another side is set to null", async () => {
    await using session = database().session();
    const grant = new Grant({ roleId: 0, permissionId: 0, role: new Role({}), permission: new Permission({}) });
    session.add(grant);
    await session.flush();
    Object.assign(grant, { permission: null });
    await assert.rejects(session.flush(), {
      code: "flush.key_blanked",
      message:
        "Grant.permission is null, and with it Grant.permissionId would become NULL, which is not nullable. Set another Permission, or delete the Grant.",
    });
  });

  test("an orphan of a relationship that deletes them may have the foreign key in its key", async () => {
    await using session = database().session();
    const line = new Line({ number: 1 });
    const order = new Order({ lines: [line] });
    session.add(order);
    await session.flush();
    Object.assign(line, { order: null });
    await session.flush();
    assert.equal(session.contains(line), false);
  });
});
