import { SessionError } from "./errors.js";

/** What a savepoint asks of its session. */
interface SavepointOwner {
  isOpen(): boolean;
  commit(): Promise<void>;
  rollback(): Promise<void>;
}

/** A part of a transaction that can be undone alone. Disposed of without `commit()`, it is rolled back. */
export class Savepoint implements AsyncDisposable {
  readonly #owner: SavepointOwner;

  constructor(owner: SavepointOwner) {
    this.#owner = owner;
  }

  /** False once it, a savepoint around it, or the whole transaction has ended. */
  get isOpen(): boolean {
    return this.#owner.isOpen();
  }

  /** `RELEASE SAVEPOINT`: its changes become the transaction's, which may still be rolled back. */
  async commit(): Promise<void> {
    this.#refuseEnded();
    await this.#owner.commit();
  }

  /** `ROLLBACK TO SAVEPOINT`: also the way on after an error inside it. */
  async rollback(): Promise<void> {
    this.#refuseEnded();
    await this.#owner.rollback();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.isOpen) await this.#owner.rollback();
  }

  #refuseEnded(): void {
    if (!this.isOpen)
      throw new SessionError(
        "session.savepoint_ended",
        "This savepoint has ended already, by itself or with the transaction.",
      );
  }
}
