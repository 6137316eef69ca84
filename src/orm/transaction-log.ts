/** What flushes did since a transaction or a savepoint began, so that it can be undone in memory. */

import type { IdentityKey, InstanceState } from "../model/state.js";

export class TransactionLog {
  /** Rows that were inserted. */
  readonly inserted: InstanceState[] = [];
  /** Rows that were deleted. */
  readonly deleted: InstanceState[] = [];
  /** Rows that got another key, with the one they had at first. */
  readonly rekeyed: { readonly state: InstanceState; readonly key: IdentityKey }[] = [];
  /** Rows that were updated. */
  readonly touched: InstanceState[] = [];

  noteKey(state: InstanceState, key: IdentityKey): void {
    if (!this.rekeyed.some((known) => known.state === state)) this.rekeyed.push({ state, key });
  }

  /** Takes over what an inner savepoint did, which came later. */
  absorb(inner: TransactionLog): void {
    for (const state of inner.inserted) this.inserted.push(state);
    for (const state of inner.deleted) this.deleted.push(state);
    for (const { state, key } of inner.rekeyed) this.noteKey(state, key);
    for (const state of inner.touched) this.touched.push(state);
  }
}
