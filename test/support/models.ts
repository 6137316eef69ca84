/** Runs tests of the ORM on a server and on the embedded database, with the tables of some models in place. */

import { after, before, beforeEach, describe } from "node:test";
import { catalogOf } from "../../src/catalog/catalog.js";
import { planChanges } from "../../src/diff/plan.js";
import {
  type AnyModel,
  collectDeclarations,
  createEngine,
  type Engine,
  metadataOf,
  type Session,
  type SessionOptions,
  sessionmaker,
} from "../../src/index.js";
import { declaredCatalog } from "../../src/kinds/declare.js";
import { quotePath } from "../../src/sql/identifier.js";
import { createDatabase, type TestDatabase } from "./database.js";
import { imageCache, onEmbedded } from "./embedded.js";

/** The tables of the models, empty before each test. */
export interface ModelDatabase {
  readonly engine: Engine;
  /** The statements sent since `clear()`, those that begin and end transactions left out. */
  sent(): readonly string[];
  clear(): void;
  session(options?: SessionOptions): Session;
  /** Rows as a connection of its own sees them: what is committed. */
  rows(sql: string, parameters?: readonly unknown[]): Promise<unknown[][]>;
}

/** The statements that create the tables of models, in the schema `public`. */
export function createStatements(models: readonly unknown[]): string {
  const planned = planChanges(catalogOf(0, []), declaredCatalog(collectDeclarations(models)));
  return planned.map((step) => step.sql).join(";\n");
}

export function onModels(models: readonly AnyModel[], define: (database: () => ModelDatabase) => void): void {
  describe("server", () => {
    let database: TestDatabase | undefined;
    before(async () => {
      database = await createDatabase();
    });
    after(() => database?.drop());
    run(models, () => database!.url, define);
  });
  describe("embedded", onEmbedded, () => run(models, () => "pglite:memory", define));
}

function run(models: readonly AnyModel[], url: () => string, define: (database: () => ModelDatabase) => void): void {
  let database: ModelDatabase | undefined;
  let tables = "";
  const script = async (text: string) => {
    const held = await database!.engine.connect();
    await held.script(text);
    await held.release();
  };
  before(async () => {
    const sent: string[] = [];
    const engine = createEngine(url(), { log: (event) => sent.push(event.sql), imageCache, extensions: [] });
    database = {
      engine,
      sent: () => sent.filter((text) => !/^(BEGIN|COMMIT|ROLLBACK$)/.test(text)),
      clear: () => {
        sent.length = 0;
      },
      session: (options) => sessionmaker(engine)(options),
      rows: async (text, parameters) => {
        const held = await engine.connect();
        const { rows } = await held.query(text, parameters);
        await held.release();
        return rows;
      },
    };
    await script(createStatements(models));
    const names = await database.rows(
      "SELECT schemaname, tablename FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')",
    );
    tables = names.map(([schema, name]) => quotePath([String(schema), String(name)])).join(", ");
    // So that a model that can't be resolved fails here.
    for (const model of models) metadataOf(model);
  });
  beforeEach(async () => {
    await script(`TRUNCATE ${tables} RESTART IDENTITY CASCADE`);
    database!.clear();
  });
  after(() => database?.engine.dispose());
  define(() => database!);
}

/** A statement's command and table: `INSERT users`. */
export function shape(sql: string): string {
  const [, command, table] = /^(?:WITH .*?)?\b(INSERT INTO|UPDATE|DELETE FROM)\s+"(\w+)"/.exec(sql) ?? [];
  if (command === undefined) return sql.split(" ")[0] ?? sql;
  return `${command.split(" ")[0]} ${table}`;
}
