/** What a relationship to many holds: an array that tells its owner of members that come and go. */

/** Hears of members. */
export interface CollectionEvents {
  /** @throws TypeError for what can't be a member; nothing has changed then. */
  check(item: unknown): void;
  added(item: object): void;
  removed(item: object): void;
}

/**
 * An array. Its methods tell of changes at once; what was assigned by index or by `length` is found by `reconcile()`,
 * which the next flush calls. `map`, `filter`, `slice` and the like give plain arrays.
 */
export class RelatedCollection extends Array<object> {
  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }

  readonly #events: CollectionEvents;
  /** The members as they came, for as long as no method has changed them. */
  readonly #initial: readonly object[];
  /** The members that the owner has been told of; null: the initial ones. */
  #told: Set<object> | null = null;

  /** @param items known to the owner already, and never changed by the caller afterwards. */
  constructor(items: readonly object[], events: CollectionEvents) {
    super();
    this.#initial = items;
    this.#events = events;
    for (const item of items) super.push(item);
  }

  override push(...items: object[]): number {
    for (const item of items) this.#events.check(item);
    const length = super.push(...items);
    for (const item of items) this.#tellAdded(item);
    return length;
  }

  override unshift(...items: object[]): number {
    for (const item of items) this.#events.check(item);
    const length = super.unshift(...items);
    for (const item of items) this.#tellAdded(item);
    return length;
  }

  override pop(): object | undefined {
    return this.#taken(super.pop());
  }

  override shift(): object | undefined {
    return this.#taken(super.shift());
  }

  override splice(start: number, deleteCount?: number, ...items: object[]): object[] {
    for (const item of items) this.#events.check(item);
    const removed = super.splice(start, deleteCount ?? this.length, ...items);
    this.reconcile();
    return removed;
  }

  override fill(value: object, start?: number, end?: number): this {
    this.#events.check(value);
    super.fill(value, start, end);
    this.reconcile();
    return this;
  }

  override copyWithin(target: number, start: number, end?: number): this {
    super.copyWithin(target, start, end);
    this.reconcile();
    return this;
  }

  /** Adds a member without telling; the other side did it. */
  include(item: object): void {
    if (this.#known().has(item)) return;
    this.#known().add(item);
    super.push(item);
  }

  /** Takes a member out without telling; the other side did it. */
  exclude(item: object): void {
    this.#known().delete(item);
    for (let at = this.indexOf(item); at >= 0; at = this.indexOf(item)) super.splice(at, 1);
  }

  /** Tells of what was assigned by index or by `length` since. */
  reconcile(): void {
    if (this.#told === null && this.#isInitial()) return;
    const now = new Set<object>(this);
    // A hole, or something that is no instance, assigned by index.
    for (const item of now) this.#events.check(item);
    for (const item of [...this.#known()]) if (!now.has(item)) this.#tellRemoved(item);
    for (const item of now) this.#tellAdded(item);
  }

  #known(): Set<object> {
    this.#told ??= new Set(this.#initial);
    return this.#told;
  }

  #isInitial(): boolean {
    return this.length === this.#initial.length && this.#initial.every((item, i) => item === this[i]);
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
    if (item !== undefined && !this.includes(item)) this.#tellRemoved(item);
    return item;
  }
}
