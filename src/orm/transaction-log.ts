/** What flushes did since a transaction or a savepoint began, so that it can be undone in memory. */

import type { IdentityKey, InstanceState } from "../model/state.js";

export class TransactionLog {
  /** Rows that were inserted. */
  readonly inserted: InstanceState[] = [];
  /** Rows that were deleted. */
  readonly deleted: InstanceState[] = [];
  /** Rows that got another key, with the one they had. */
  readonly keys = new Map<InstanceState, IdentityKey>();
  /** Rows that were updated. */
  readonly touched: InstanceState[] = [];

  /** Takes over what an inner savepoint did, which came later. */
  absorb(inner: TransactionLog): void {
    for (const state of inner.inserted) this.inserted.push(state);
    for (const state of inner.deleted) this.deleted.push(state);
    for (const [state, key] of inner.keys) if (!this.keys.has(state)) this.keys.set(state, key);
    for (const state of inner.touched) this.touched.push(state);
  }
}
