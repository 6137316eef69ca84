/** How alike two things are, from 0 to 1: what a rename is proposed by. */

/** The share of items that both lists have. */
export function overlap(a: readonly string[], b: readonly string[]): number {
  const [setA, setB] = [new Set(a), new Set(b)];
  const shared = [...setA].filter((item) => setB.has(item)).length;
  return shared === 0 ? 0 : shared / Math.max(setA.size, setB.size);
}

/** How alike two names are: the share of pairs of neighbouring letters that both have (Dice's coefficient). */
export function nameLikeness(a: string, b: string): number {
  const [pairsA, pairsB] = [letterPairs(a), letterPairs(b)];
  if (pairsA.length === 0 || pairsB.length === 0) return a === b ? 1 : 0;
  const left = [...pairsB];
  let shared = 0;
  for (const pair of pairsA) {
    const found = left.indexOf(pair);
    if (found < 0) continue;
    left.splice(found, 1);
    shared++;
  }
  return (2 * shared) / (pairsA.length + pairsB.length);
}

function letterPairs(name: string): string[] {
  const letters = [...name.toLowerCase()];
  return letters.slice(1).map((letter, i) => `${letters[i]}${letter}`);
}
