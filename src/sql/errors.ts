import { AthanorError } from "../errors.js";

/** A statement is put together wrongly; nothing was sent. */
export class QueryError extends AthanorError {
  override readonly name = "QueryError";
}
