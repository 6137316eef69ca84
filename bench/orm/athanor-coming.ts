/**
 * What the candidate needs of Athanor and the package doesn't have yet, typed as it will be. A case that calls what is
 * missing throws, and shows as "not there yet". When the package has it all, its own names take this file's place.
 */

import type { Column, Condition, Ordering, Relationship } from "../../dist/index.js";
import * as athanor from "../../dist/index.js";

type Model<T> = abstract new (...parameters: never) => T;

interface Loader {
  readonly kind: "loader";
}

interface Select<T> {
  where(condition: Condition): Select<T>;
  orderBy(by: Column<number> | Ordering): Select<T>;
  options(loader: Loader): Select<T>;
}

interface Session extends AsyncDisposable {
  execute<T>(statement: Select<T>): Promise<{ scalars(): { all(): T[] } }>;
  get<T>(model: Model<T>, key: number): Promise<T | null>;
  add(instance: object): void;
  addAll(instances: readonly object[]): void;
  delete(instance: object): void;
  commit(): Promise<void>;
  close(): Promise<void>;
}

interface SessionFactory {
  (): Session;
  begin<T>(work: (session: Session) => Promise<T>): Promise<T>;
}

interface Coming {
  select<T>(model: Model<T>): Select<T>;
  selectinload<T>(relationship: Relationship<T>): Loader;
  sessionmaker(engine: athanor.Engine): SessionFactory;
}

// Through unknown, since the package's types don't have these names yet.
export const { select, selectinload, sessionmaker } = athanor as unknown as Coming;
