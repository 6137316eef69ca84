/** What is measured, as each candidate does it. */

export interface NewItem {
  readonly name: string;
  readonly email: string;
  readonly quantity: number;
  readonly price: number;
  readonly active: boolean;
  readonly note: string | null;
  readonly createdAt: Date;
}

export interface Item extends NewItem {
  readonly id: number;
}

export interface Post {
  readonly id: number;
  readonly authorId: number;
  readonly title: string;
  readonly body: string;
  readonly likes: number;
  readonly published: boolean;
}

export interface Tag {
  readonly id: number;
  readonly label: string;
}

/** Related objects are whatever a candidate keeps them in, as long as it can be walked through. */
export interface Author {
  readonly id: number;
  readonly name: string;
  readonly posts: Iterable<Post>;
}

export interface TaggedPost {
  readonly id: number;
  readonly title: string;
  readonly tags: Iterable<Tag>;
}

/** The second half of what begins with reading: only this half is timed. */
export type Write = () => Promise<unknown>;

/** Each call is a unit of work of its own: a session, an entity manager's fork, whatever the candidate has for one. */
export interface Cases {
  /** One item by its key. */
  readOne(id: number): Promise<Item | null>;
  /** The items whose keys go up to `last`, in the keys' order. */
  readItems(last: number): Promise<readonly Item[]>;
  /** So many authors, in the keys' order, each with its posts in their keys' order. */
  readAuthors(last: number): Promise<readonly Author[]>;
  /** So many posts, in the keys' order, each with its tags. */
  readTaggedPosts(last: number): Promise<readonly TaggedPost[]>;
  /** Commits one row. Gives its key. */
  insertOne(item: NewItem): Promise<number>;
  /** Commits them all at once. Gives their keys, in the items' order. */
  insertItems(items: readonly NewItem[]): Promise<readonly number[]>;
  /** Loads items; then gives each a `changed` name and quantity, and commits them all at once. */
  updateItems(last: number): Promise<Write>;
  /** Loads items; then deletes and commits them all at once. */
  deleteItems(last: number): Promise<Write>;
}

export interface Opened {
  readonly cases: Cases;
  close(): Promise<void>;
}

export interface Candidate {
  readonly name: string;
  readonly version: string;
  open(url: string): Promise<Opened>;
}
