/** A session's objects and the statements that read and write them; the session sees to it that one runs at a time. */

import type { AnyModel } from "../model/relations.js";
import type { InstanceState } from "../model/state.js";
import { type FlushDatabase, prepareFlush } from "../orm/flush.js";
import { getByKey, loadAttribute, peek, refresh } from "../orm/get.js";
import type { RowOptions } from "../orm/load.js";
import { readRelated } from "../orm/load-related.js";
import { requireState } from "../orm/mapper.js";
import { merge } from "../orm/merge.js";
import { type AttributeLoader, UnitOfWork } from "../orm/unit-of-work.js";
import { AutoflushError } from "./errors.js";
import type { TransactionLayer } from "./transaction.js";

export class SessionObjects {
  readonly work: UnitOfWork;
  autoflush: boolean;
  readonly #transaction: TransactionLayer;
  readonly #database: FlushDatabase;

  constructor(transaction: TransactionLayer, load: AttributeLoader, autoflush: boolean) {
    this.work = new UnitOfWork(load);
    this.autoflush = autoflush;
    this.#transaction = transaction;
    const run: FlushDatabase["run"] = (text, parameters, options) => transaction.run(text, parameters, options);
    this.#database = {
      run,
      readMembers: async (states, relation) => {
        const found = await readRelated(this.work, { run }, states, relation);
        return new Map([...found].map(([state, members]) => [state, members.map(({ instance }) => instance)]));
      },
    };
  }

  async flush(): Promise<void> {
    this.#transaction.refuseFailed();
    const prepared = await prepareFlush(this.work, this.#database);
    if (prepared === null) return;
    try {
      await prepared.run();
    } catch (error) {
      // Some of it may have been written.
      this.#transaction.fail(error);
      throw error;
    }
  }

  /** Before the database is asked: what it answers has to know of the changes. @throws AutoflushError */
  async flushAhead(): Promise<void> {
    if (!this.autoflush) return;
    try {
      await this.flush();
    } catch (error) {
      throw AutoflushError.around(error);
    }
  }

  async get(model: AnyModel, key: unknown, options: RowOptions): Promise<object | null> {
    const known = options.populateExisting ? null : peek(this.work, model, key);
    if (known !== null) return known;
    await this.flushAhead();
    return getByKey(this.work, this.#database, model, key, options);
  }

  async merge(instance: object): Promise<object> {
    return (await merge(this.work, this.#database, requireState(instance))).instance;
  }

  async refresh(instance: object, attributes?: readonly string[]): Promise<void> {
    await this.flushAhead();
    await refresh(this.work, this.#database, this.own(instance), attributes);
  }

  expire(instance: object, attributes?: readonly string[]): void {
    const state = this.own(instance);
    if (attributes !== undefined) this.work.expire(state, attributes);
    else for (const each of [...this.work.reach(state, "refresh-expire")]) this.work.expire(each);
  }

  async load(states: readonly InstanceState[], attribute: string): Promise<void> {
    await this.flushAhead();
    await loadAttribute(this.work, this.#database, states, attribute);
  }

  /** @throws MappingError `orm.not_in_session` */
  own(instance: object): InstanceState {
    const state = requireState(instance);
    this.work.requireOwn(state);
    return state;
  }

  /** After COMMIT. */
  commit(expire: boolean): void {
    this.work.commit();
    if (expire) this.work.expireAll();
  }

  /** After ROLLBACK. Where nothing had begun and nothing was changed, there is nothing to undo. */
  rollback(wasBegun: boolean): void {
    if (wasBegun || this.work.hasChanges()) this.work.rollback();
  }
}
