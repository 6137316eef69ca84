/**
 * Statements for what models need and Athanor does not manage (operators, for one) among those that it plans: who needs
 * whom is not known, so the order is proved by running it. What such a statement makes of a managed kind is planned.
 */

import type { Step } from "../diff/plan.js";
import type { Connection } from "../engine/connection.js";
import { DatabaseError } from "../engine/errors.js";
import { kindOf } from "../kinds/index.js";
import { type ReadOptions, readCatalog } from "../kinds/read.js";
import type { Loadable } from "../scratch/load.js";

/** A plan with externals in it. */
export interface Woven {
  readonly up: readonly Step[];
  readonly down: readonly Step[];
}

/**
 * Puts the statements that make something new where PostgreSQL takes them, and on the way back drops what they made.
 *
 * @param connection of a database in the state before; nothing is committed there.
 */
export async function weaveExternals(
  connection: Connection,
  reading: ReadOptions,
  externals: readonly Loadable[],
  plan: Woven,
): Promise<Woven> {
  if (externals.length === 0) return plan;
  const weaver = new Weaver(connection, reading);
  await connection.script("BEGIN");
  try {
    const loose = externals.map(({ sql, origin }) => externalStep(sql, `create ${origin}, which is not managed`));
    const up = await weaver.weave(plan.up, loose, true);
    if (weaver.made.length === 0) return plan;
    const drops = [...weaver.made]
      .reverse()
      .map(([type = "", identity = ""]) =>
        externalStep(`DROP ${type.toUpperCase()} ${identity}`, `drop ${type} ${identity}, which is not managed`),
      );
    return { up, down: await weaver.weave(plan.down, drops, false) };
  } finally {
    await connection.script("ROLLBACK");
  }
}

function externalStep(sql: string, sentence: string): Step {
  return { sql, sentence, hazards: [], transactional: true };
}

class Weaver {
  /** Type and identity of each object that a loose statement made. */
  readonly made: (readonly string[])[] = [];

  constructor(
    readonly connection: Connection,
    readonly reading: ReadOptions,
  ) {}

  /** @param creating whether loose statements are only kept where they make something new. */
  async weave(fixed: readonly Step[], loose: readonly Step[], creating: boolean): Promise<readonly Step[]> {
    const woven: Step[] = [];
    let waiting = loose;
    const place = async () => {
      for (let before = -1; waiting.length !== before; ) {
        before = waiting.length;
        waiting = await this.#tryEach(waiting, woven, creating);
      }
    };
    if (creating) await place();
    for (const step of fixed) {
      if (await this.#fails(step)) {
        await place();
        // Refused again, it is the proof that tells what is wrong.
        await this.#fails(step);
      }
      woven.push(step);
    }
    await place();
    return [...woven, ...waiting];
  }

  /** @returns those that PostgreSQL does not take yet. */
  async #tryEach(steps: readonly Step[], woven: Step[], creating: boolean): Promise<readonly Step[]> {
    const refused: Step[] = [];
    for (const step of steps) {
      const before = creating ? await this.#unmanaged() : new Map<string, readonly string[]>();
      await this.connection.script("SAVEPOINT attempt");
      const failed = await this.#fails(step);
      const now = creating && !failed ? await this.#unmanaged() : new Map<string, readonly string[]>();
      const made = [...now].filter(([id]) => !before.has(id)).map(([, path]) => path);
      if (failed) refused.push(step);
      else if (creating && made.length === 0) await this.connection.script("ROLLBACK TO SAVEPOINT attempt");
      else woven.push(step);
      await this.connection.script("RELEASE SAVEPOINT attempt");
      this.made.push(...made);
    }
    return refused;
  }

  async #fails(step: Step): Promise<boolean> {
    if (step.ofServer) return false;
    await this.connection.script("SAVEPOINT weave");
    try {
      await this.connection.script(step.sql);
      await this.connection.script("RELEASE SAVEPOINT weave");
      return false;
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error;
      await this.connection.script("ROLLBACK TO SAVEPOINT weave; RELEASE SAVEPOINT weave");
      return true;
    }
  }

  async #unmanaged(): Promise<ReadonlyMap<string, readonly string[]>> {
    const { objects } = await readCatalog(this.connection, {
      ...this.reading,
      dependencies: () => false,
      transaction: false,
    });
    return new Map(
      [...objects].filter(([, { kind }]) => kindOf(kind).managed === false).map(([id, { path }]) => [id, path]),
    );
  }
}
