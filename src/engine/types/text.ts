/** @returns what keeps a text from being stored as it is, as the end of a sentence, or undefined. */
export function textProblem(text: string): string | undefined {
  if (text.includes("\0")) return "has a NUL character, which PostgreSQL can't store; remove it";
  // Half of a pair would be sent as U+FFFD.
  if (!text.isWellFormed()) return "has half of a surrogate pair, which is no character; check where it was cut";
  return undefined;
}
