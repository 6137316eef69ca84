/** A statement takes 65,535 parameters at most: longer lists go in chunks, one after the other. */
export async function inChunks<T, R>(list: readonly T[], work: (chunk: T[]) => Promise<readonly R[]>): Promise<R[]> {
  const chunkSize = 1_000;
  const all: R[] = [];
  for (let start = 0; start < list.length; start += chunkSize)
    all.push(...(await work(list.slice(start, start + chunkSize))));
  return all;
}
