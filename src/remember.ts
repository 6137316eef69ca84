/** A map, weak or not, as far as `remember` needs it. */
interface Memory<Key, Value> {
  get(key: Key): Value | undefined;
  set(key: Key, value: Value): unknown;
}

/** Makes an empty list: for `remember`, where a closure for each call would be too many. */
export function newList<Item>(): Item[] {
  return [];
}

/** What `memory` has under `key`; made and kept there where it has nothing. */
export function remember<Key, Value>(memory: Memory<Key, Value>, key: Key, make: () => Value): Value {
  const known = memory.get(key);
  if (known !== undefined) return known;
  const made = make();
  memory.set(key, made);
  return made;
}
