import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe } from "node:test";
import { createEngine, type Engine } from "../../src/index.js";
import { type MigrationFolder, readMigrations } from "../../src/migrate/files.js";
import { type PlannedStep, writeMigration } from "../../src/migrate/write.js";
import { createDatabase } from "../support/database.js";
import { imageCache, onEmbedded } from "../support/embedded.js";

/** What modules that are run import from. */
export const athanor = JSON.stringify(new URL("../../src/index.js", import.meta.url).href);

/** A folder of migrations for one test. */
export class Folder implements AsyncDisposable {
  #last: string | null = null;
  #count = 0;

  constructor(readonly dir: string) {}

  /** `20260101000001_a`, `20260101000002_b`, …: each behind the one before. */
  async add(words: string, up: readonly (string | PlannedStep)[], down: readonly (string | PlannedStep)[] = []) {
    const id = this.nextId(words);
    const migration = { id, parent: this.#last, description: words, up: up.map(planned), down: down.map(planned) };
    await writeMigration(this.dir, migration);
    this.#last = id;
    return id;
  }

  /** A module with code in it: `body` is what migration({ parent, … }) is given besides its parent. */
  async addModule(words: string, body: string, extension = "ts") {
    const id = this.nextId(words);
    const source = `import { irreversible, migration, onServer, outsideTransaction, sql } from ${athanor};
void [irreversible, onServer, outsideTransaction, sql];
export default migration({
  parent: ${JSON.stringify(this.#last)},
  ${body}
});
`;
    await this.write(`${id}.${extension}`, source);
    this.#last = id;
    return id;
  }

  write(name: string, text: string): Promise<void> {
    return writeFile(join(this.dir, name), text);
  }

  read(): Promise<MigrationFolder> {
    return readMigrations(this.dir);
  }

  nextId(words: string): string {
    return `${20260101000000 + ++this.#count}_${words}`;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return rm(this.dir, { recursive: true, force: true });
  }
}

function planned(step: string | PlannedStep): PlannedStep {
  return typeof step === "string" ? { sql: step, sentence: "", transactional: true } : step;
}

/** A step outside the transaction. */
export function outside(sql: string): PlannedStep {
  return { sql, sentence: "", transactional: false };
}

export async function tempFolder(): Promise<Folder> {
  const folder = new Folder(await mkdtemp(join(tmpdir(), "athanor-migrate-")));
  await folder.write("package.json", '{ "type": "module" }');
  return folder;
}

export interface Database extends AsyncDisposable {
  readonly kind: "postgres" | "pglite";
  readonly url: string;
  readonly engine: Engine;
  /** The statements that were sent. */
  readonly sent: string[];
  /** The first column of a query's rows. */
  column(text: string): Promise<unknown[]>;
}

export async function openDatabase(kind: Database["kind"] = "postgres"): Promise<Database> {
  const database = kind === "postgres" ? await createDatabase() : null;
  const url = database?.url ?? "pglite:memory";
  const sent: string[] = [];
  const engine = createEngine(url, { log: ({ sql }) => sent.push(sql), imageCache, extensions: [] });
  return {
    ...{ kind, url, engine, sent },
    async column(text) {
      await using connection = await engine.connect();
      return (await connection.query(text)).rows.map(([value]) => value);
    },
    async [Symbol.asyncDispose]() {
      await engine.dispose();
      await database?.drop();
    },
  };
}

/** The same tests on a server and on the embedded database. */
export function onBoth(define: (open: () => Promise<Database>) => void): void {
  describe("postgres", () => define(() => openDatabase("postgres")));
  describe("pglite", onEmbedded, () => define(() => openDatabase("pglite")));
}
