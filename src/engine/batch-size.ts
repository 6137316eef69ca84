import { AthanorError } from "../errors.js";

/** @throws AthanorError `stream.batch` for what is no number of rows. */
export function requireBatchSize(size: number): void {
  if (Number.isInteger(size) && size > 0) return;
  throw new AthanorError("stream.batch", `${size} rows can't be taken at a time; give a whole number from 1 on.`);
}
