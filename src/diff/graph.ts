/** A directed graph that is put in order: what must come first comes first, and among equals the lower priority. */

/** Vertices are strings; an edge says which comes before which. */
export class OrderGraph {
  readonly #after = new Map<string, Set<string>>();
  readonly #waiting = new Map<string, number>();

  constructor(vertices: Iterable<string>) {
    for (const vertex of vertices) {
      this.#after.set(vertex, new Set());
      this.#waiting.set(vertex, 0);
    }
  }

  /** `first` comes before `then`; edges to oneself and to unknown vertices say nothing. */
  addEdge(first: string, then: string): void {
    const after = this.#after.get(first);
    if (first === then || after === undefined || after.has(then) || !this.#waiting.has(then)) return;
    after.add(then);
    this.#waiting.set(then, (this.#waiting.get(then) ?? 0) + 1);
  }

  /**
   * A topological order, or the vertices of one cycle where there is none.
   *
   * @param priority lower comes first among vertices that are free to go
   */
  order(priority: (vertex: string) => number): { readonly ordered: string[] } | { readonly cycle: string[] } {
    const waiting = new Map(this.#waiting);
    const free = new Heap(priority);
    for (const [vertex, count] of waiting) if (count === 0) free.push(vertex);
    const ordered: string[] = [];
    for (let vertex = free.pop(); vertex !== undefined; vertex = free.pop()) {
      ordered.push(vertex);
      for (const next of this.#after.get(vertex) ?? []) {
        const left = (waiting.get(next) ?? 0) - 1;
        waiting.set(next, left);
        if (left === 0) free.push(next);
      }
    }
    if (ordered.length === waiting.size) return { ordered };
    return {
      cycle: this.#cycleAmong(new Set([...waiting].filter(([, count]) => count > 0).map(([vertex]) => vertex))),
    };
  }

  /** Walking backwards among stuck vertices must come round. */
  #cycleAmong(stuck: ReadonlySet<string>): string[] {
    const before = new Map<string, string>();
    for (const vertex of stuck)
      for (const next of this.#after.get(vertex) ?? []) if (stuck.has(next)) before.set(next, vertex);
    const seen: string[] = [];
    let [vertex] = stuck;
    while (vertex !== undefined && !seen.includes(vertex)) {
      seen.push(vertex);
      vertex = before.get(vertex);
    }
    return seen.slice(vertex === undefined ? 0 : seen.indexOf(vertex)).reverse();
  }
}

/** A binary heap of vertices, the lowest priority on top. */
class Heap {
  readonly #items: { readonly vertex: string; readonly priority: number }[] = [];

  constructor(readonly priority: (vertex: string) => number) {}

  push(vertex: string): void {
    const items = this.#items;
    items.push({ vertex, priority: this.priority(vertex) });
    for (let i = items.length - 1; i > 0; ) {
      const parent = (i - 1) >> 1;
      if (this.#lower(parent, i)) break;
      this.#swap(i, parent);
      i = parent;
    }
  }

  pop(): string | undefined {
    const items = this.#items;
    const top = items[0];
    const last = items.pop();
    if (top === undefined || last === undefined || top === last) return top?.vertex;
    items[0] = last;
    for (let i = 0; ; ) {
      const children = [2 * i + 1, 2 * i + 2].filter((child) => child < items.length);
      const least = children.reduce((best, child) => (this.#lower(best, child) ? best : child), i);
      if (least === i) break;
      this.#swap(i, least);
      i = least;
    }
    return top.vertex;
  }

  #lower(a: number, b: number): boolean {
    return (this.#items[a]?.priority ?? 0) <= (this.#items[b]?.priority ?? 0);
  }

  #swap(a: number, b: number): void {
    const [itemA, itemB] = [this.#items[a], this.#items[b]];
    if (itemA === undefined || itemB === undefined) return;
    this.#items[a] = itemB;
    this.#items[b] = itemA;
  }
}
