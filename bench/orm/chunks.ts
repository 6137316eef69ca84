/** A statement takes 65,535 parameters at most: longer lists go in chunks. */
const chunkSize = 1_000;

export function chunked<T>(list: readonly T[]): T[][] {
  const count = Math.ceil(list.length / chunkSize);
  return Array.from({ length: count }, (_, i) => list.slice(i * chunkSize, (i + 1) * chunkSize));
}

/** One chunk after the other. Gives what came of all of them. */
export async function inChunks<T, R>(list: readonly T[], work: (chunk: T[]) => Promise<readonly R[]>): Promise<R[]> {
  const all: R[] = [];
  for (const chunk of chunked(list)) all.push(...(await work(chunk)));
  return all;
}
