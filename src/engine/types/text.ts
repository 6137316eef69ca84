/** @returns what keeps a text from being stored as it is, as the end of a sentence, or undefined. */
export function textProblem(text: string): string | undefined {
  if (text.length < 100 && isPlain(text)) return undefined;
  if (text.includes("\0")) return "has a NUL character, which PostgreSQL can't store; remove it";
  // Half of a pair would be sent as U+FFFD.
  if (!text.isWellFormed()) return "has half of a surrogate pair, which is no character; check where it was cut";
  return undefined;
}

/** Whether neither NUL nor any surrogate is in it; for a short text, that is faster than asking twice. */
function isPlain(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0 || (code & 0xf800) === 0xd800) return false;
  }
  return true;
}
