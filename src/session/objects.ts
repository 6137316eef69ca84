/** A session's objects and the statements that read and write them; the session sees to it that one runs at a time. */

import type { AnyModel } from "../model/relations.js";
import type { InstanceState } from "../model/state.js";
import { type FlushDatabase, prepareFlush } from "../orm/flush.js";
import { getByKey, loadAttribute, peek, type RowOptions, refresh, wantedRow } from "../orm/get.js";
import { requireState } from "../orm/mapper.js";
import { merge } from "../orm/merge.js";
import { noCriteria } from "../orm/query/criteria.js";
import { type LoadContext, runQuery } from "../orm/query/load.js";
import { bare, readCriteria } from "../orm/query/load-tree.js";
import { prepareStatement } from "../orm/query/prepare.js";
import { readRelated } from "../orm/query/read-related.js";
import { noteInserted, synchronized } from "../orm/query/synchronize.js";
import { type AttributeLoader, UnitOfWork } from "../orm/unit-of-work.js";
import { type LoaderOption, loaderNodes } from "../query/loader.js";
import { namesOf } from "../query/read.js";
import type { Statement } from "../query/statement.js";
import { Batches, type SessionStreamOptions } from "./batches.js";
import { AutoflushError, SessionError } from "./errors.js";
import type { ResultData } from "./result.js";
import type { TransactionLayer } from "./transaction.js";

export interface ExecuteOptions {
  /** Cancels the statement on the server. The embedded database can't be interrupted. */
  readonly signal?: AbortSignal;
  /** Overwrites what is loaded already, changes that were not flushed included. Default false. */
  readonly populateExisting?: boolean;
  /**
   * Whether the session's objects follow an UPDATE or DELETE: `fetch`, the default, has their keys and what was set
   * returned, where the session has objects of the model; false leaves them as they are.
   */
  readonly synchronize?: "fetch" | false;
}

/** See SessionOptions. */
export interface ObjectOptions {
  readonly autoflush: boolean;
  readonly criteria: readonly LoaderOption<never>[];
}

/** What is called at certain moments: see SessionEvents. */
export interface ObjectEvents {
  readonly beforeFlush: () => void;
  readonly afterFlush?: () => void;
  readonly load?: (instance: object) => void;
}

export class SessionObjects {
  readonly work: UnitOfWork;
  autoflush: boolean;
  readonly #transaction: TransactionLayer;
  readonly #database: FlushDatabase;
  /** How objects are loaded where nothing else is said. */
  readonly #loading: LoadContext;
  readonly #events: ObjectEvents;

  constructor(transaction: TransactionLayer, load: AttributeLoader, options: ObjectOptions, events: ObjectEvents) {
    const { autoflush, criteria } = options;
    this.work = new UnitOfWork(load, events.load);
    this.#events = events;
    this.autoflush = autoflush;
    this.#transaction = transaction;
    const run: FlushDatabase["run"] = (text, parameters, options) => transaction.run(text, parameters, options);
    const { work } = this;
    this.#loading = { work, database: { run }, criteria: readCriteria(loaderNodes(criteria)), populateExisting: false };
    // What a flush has to know of, the database knows of, whatever is shown.
    const whole = { ...this.#loading, criteria: noCriteria };
    this.#database = {
      run,
      readMembers: async (states, relation) => {
        const membersOf = await readRelated(whole, states, { relation, tree: bare, path: new Set() });
        return new Map(states.map((state) => [state, membersOf(state)]));
      },
    };
  }

  flush(): Promise<void> {
    return this.#flush(this.#database);
  }

  /** The flush before COMMIT, which travels with it where that can be: what is called after the flush may object. */
  flushLast(): Promise<void> {
    if (this.#events.afterFlush !== undefined) return this.flush();
    const runLast: FlushDatabase["runLast"] = (text, parameters, options) =>
      this.#transaction.runLast(text, parameters, options);
    return this.#flush({ ...this.#database, runLast });
  }

  async #flush(database: FlushDatabase): Promise<void> {
    this.#transaction.refuseFailed();
    if (!this.work.hasChanges()) return;
    this.#events.beforeFlush();
    const prepared = await prepareFlush(this.work, database);
    if (prepared === null) return;
    try {
      await prepared.run();
    } catch (error) {
      // Some of it may have been written.
      this.#transaction.fail(error);
      throw error;
    }
    this.#events.afterFlush?.();
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
    const { populateExisting = false } = options;
    const wanted = wantedRow(model, key);
    if (wanted === null) return null;
    const known = populateExisting ? null : peek(this.#loading, wanted);
    if (known !== null) return known;
    await this.flushAhead();
    return getByKey({ ...this.#loading, populateExisting }, wanted);
  }

  async merge(instance: object): Promise<object> {
    return (await merge(this.#loading, requireState(instance))).instance;
  }

  async refresh(instance: object, attributes?: readonly string[]): Promise<void> {
    await this.flushAhead();
    await refresh(this.#loading, this.own(instance), attributes);
  }

  expire(instance: object, attributes?: readonly string[]): void {
    const state = this.own(instance);
    if (attributes !== undefined) this.work.expire(state, attributes);
    else for (const each of [...this.work.reach(state, "refresh-expire")]) this.work.expire(each);
  }

  async load(states: readonly InstanceState[], attribute: string): Promise<void> {
    await this.flushAhead();
    await loadAttribute(this.#loading, states, attribute);
  }

  /** Runs a statement over models: its rows become objects of this session. */
  async execute(statement: Statement<readonly unknown[]>, options: ExecuteOptions): Promise<ResultData> {
    const { populateExisting = false, synchronize = "fetch", signal } = options;
    await this.flushAhead();
    const synchronization = synchronize === false ? null : synchronized(this.work, statement);
    const { query, criteria } = prepareStatement(synchronization?.statement ?? statement, this.#loading.criteria);
    const found = await runQuery({ ...this.#loading, criteria, populateExisting, signal }, query);
    synchronization?.apply(found.rows);
    noteInserted(this.work, statement, found.rows);
    return { ...found, columns: namesOf(statement.plan()) };
  }

  /**
   * The rows of a query in batches, each with what its objects load.
   *
   * @throws SessionError `session.stream_collection`, AthanorError `stream.batch`
   */
  batches(statement: Statement<readonly unknown[]>, options: SessionStreamOptions): Batches {
    const { populateExisting = false, signal, batch = 1_000 } = options;
    const { query, criteria } = prepareStatement(statement, this.#loading.criteria, "one");
    if (query.repeats)
      throw new SessionError(
        "session.stream_collection",
        "A stream can't take a collection out of its own join (containsEager): a batch may end in the middle of one. Load it with selectinload().",
      );
    return new Batches({ ...this.#loading, criteria, populateExisting, signal }, query, this.#transaction, batch);
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
