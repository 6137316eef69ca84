import { AthanorError } from "../errors.js";

/**
 * `--strict`: nothing is passed over.
 *
 * @param sentences what is not managed or can't be expressed.
 * @throws AthanorError `strict.unmanaged` where there is any.
 */
export function refuseUnmanaged(sentences: readonly string[]): void {
  if (sentences.length === 0) return;
  throw new AthanorError(
    "strict.unmanaged",
    `With --strict nothing may be left alone, and Athanor does not manage all that is there:${sentences.map((sentence) => `\n- ${sentence}`).join("")}\nDrop it, leave it out by the config's ignore, or go on without --strict.`,
  );
}
