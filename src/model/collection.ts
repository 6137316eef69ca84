/** What a relationship to many holds: an array that tells its owner of members that come and go. */

/** Hears of members. */
export interface CollectionEvents {
  /** @throws TypeError for what can't be a member; nothing has changed then. */
  check(item: unknown): void;
  added(item: object): void;
  removed(item: object): void;
}

/**
 * The members, and what the owner knows of them. The array that the application sees is a plain one, whose own methods
 * tell of changes at once; what was assigned by index or by `length` is found by `reconcile()`, which the next flush calls.
 */
export class RelatedCollection {
  readonly #events: CollectionEvents;
  /** The members as they came, for as long as nothing has changed them. */
  readonly #initial: readonly object[];
  /** The members now; null: as they came. Most collections are never changed, nor looked at. */
  #items: object[] | null = null;
  #visible = false;
  /** The members that the owner has been told of; null: the initial ones. */
  #told: Set<object> | null = null;

  /** @param items known to the owner already, and never changed by the caller afterwards. */
  constructor(items: readonly object[], events: CollectionEvents) {
    this.#initial = items;
    this.#events = events;
  }

  /** The members, to look at. */
  get members(): readonly object[] {
    return this.#items ?? this.#initial;
  }

  /** What the owner's attribute reads as. */
  get array(): object[] {
    if (!this.#visible) hear(this.#own, this);
    this.#visible = true;
    return this.#own;
  }

  push(...items: object[]): number {
    for (const item of items) this.#events.check(item);
    const length = plain.push.apply(this.#own, items);
    for (const item of items) this.#tellAdded(item);
    return length;
  }

  unshift(...items: object[]): number {
    for (const item of items) this.#events.check(item);
    const length = plain.unshift.apply(this.#own, items);
    for (const item of items) this.#tellAdded(item);
    return length;
  }

  pop(): object | undefined {
    return this.#taken(plain.pop.call(this.#own));
  }

  shift(): object | undefined {
    return this.#taken(plain.shift.call(this.#own));
  }

  splice(...given: [start: number, deleteCount: number, ...items: object[]]): object[] {
    for (const item of given.slice(2)) this.#events.check(item);
    const removed = plain.splice.apply(this.#own, given);
    this.reconcile();
    return removed;
  }

  fill(value: object, start?: number, end?: number): object[] {
    this.#events.check(value);
    plain.fill.call(this.#own, value, start, end);
    this.reconcile();
    return this.#own;
  }

  copyWithin(target: number, start: number, end?: number): object[] {
    plain.copyWithin.call(this.#own, target, start, end);
    this.reconcile();
    return this.#own;
  }

  /** Adds a member without telling; the other side did it. */
  include(item: object): void {
    if (this.#known().has(item)) return;
    this.#known().add(item);
    plain.push.call(this.#own, item);
  }

  /** Takes a member out without telling; the other side did it. */
  exclude(item: object): void {
    this.#known().delete(item);
    const items = this.#own;
    for (let at = items.indexOf(item); at >= 0; at = items.indexOf(item)) plain.splice.call(items, at, 1);
  }

  /** Tells of what was assigned by index or by `length` since. */
  reconcile(): void {
    if (this.#items === null || (this.#told === null && this.#isInitial(this.#items))) return;
    const now = new Set<object>(this.#items);
    // A hole, or something that is no instance, assigned by index.
    for (const item of now) this.#events.check(item);
    for (const item of [...this.#known()]) if (!now.has(item)) this.#tellRemoved(item);
    for (const item of now) this.#tellAdded(item);
  }

  get #own(): object[] {
    this.#items ??= [...this.#initial];
    return this.#items;
  }

  #known(): Set<object> {
    this.#told ??= new Set(this.#initial);
    return this.#told;
  }

  #isInitial(items: readonly object[]): boolean {
    return items.length === this.#initial.length && this.#initial.every((item, i) => item === items[i]);
  }

  #tellAdded(item: object): void {
    if (this.#known().has(item)) return;
    this.#known().add(item);
    this.#events.added(item);
  }

  #tellRemoved(item: object): void {
    this.#known().delete(item);
    this.#events.removed(item);
  }

  #taken(item: object | undefined): object | undefined {
    if (item !== undefined && !this.members.includes(item)) this.#tellRemoved(item);
    return item;
  }
}

/** An array's methods as they are. */
const plain: object[] = Array.prototype;

/** Those that change its members. */
const changing = ["push", "unshift", "pop", "shift", "splice", "fill", "copyWithin"] as const;

/** The collection behind an array that the application sees. */
const collections = new WeakMap<object[], RelatedCollection>();

/** In place of those methods: an array's own that tell its collection. */
const telling = changing.map((name) => {
  const value = function (this: object[], ...given: unknown[]): unknown {
    const collection = collections.get(this);
    // Called as the array's method of that name would be.
    return collection === undefined
      ? Reflect.apply(plain[name], this, given)
      : Reflect.apply(collection[name], collection, given);
  };
  return [name, { value, writable: true, configurable: true }] as const;
});

/**
 * Gives an array methods that tell a collection. They are not enumerable, and its class stays Array: nothing that compares
 * or shows arrays sees a difference.
 */
function hear(array: object[], collection: RelatedCollection): void {
  collections.set(array, collection);
  for (const [name, method] of telling) Object.defineProperty(array, name, method);
}
