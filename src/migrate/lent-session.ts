/** What the code of a migration's step gets. */

import { AthanorError } from "../errors.js";
import { Session } from "../session/session.js";

/** The application's session in the runner's transaction, which the code may not end: the history's entry belongs into it. */
export class LentSession extends Session {
  override commit(): Promise<void> {
    return refuse("commit");
  }

  override rollback(): Promise<void> {
    return refuse("rollback");
  }

  override close(): Promise<void> {
    return refuse("close");
  }
}

async function refuse(call: string): Promise<never> {
  throw new AthanorError(
    "migration.transaction",
    `A migration's step called session.${call}(). The runner ends the transaction, with the history's entry in it; remove the call, use session.nested() for a part that may fail, or give the migration transaction: false to commit in between.`,
  );
}
