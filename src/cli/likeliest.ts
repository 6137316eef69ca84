import { nameLikeness } from "../kinds/likeness.js";

/** The word that was probably meant, if any of them is like it at all. */
export function likeliest(word: string, words: readonly string[]): string | undefined {
  const [best] = words
    .map((candidate) => ({ candidate, likeness: nameLikeness(word, candidate) }))
    .sort((a, b) => b.likeness - a.likeness);
  return best !== undefined && best.likeness >= 0.4 ? best.candidate : undefined;
}
