/**
 * What a schema is, as plain data. Everything that is compared is a `Catalog` read back from a PostgreSQL; `kinds/` say
 * what the definitions mean.
 */

/** One object: what it is, where it is, and its definition as PostgreSQL printed it. */
export interface CatalogObject<Definition = unknown> {
  /** The kind's name, such as `enum`. */
  readonly kind: string;
  /** Names from the outermost in: `["public", "users", "email"]`. */
  readonly path: readonly string[];
  /** Kind and path in one string: the key in a catalog. */
  readonly id: string;
  readonly comment: string | null;
  readonly definition: Definition;
}

/** An object as a PostgreSQL printed it: parts of it are made when they are first wanted, since most are only compared. */
export class PrintedObject implements CatalogObject {
  #path: readonly string[] | undefined;
  #definition: unknown;

  constructor(
    readonly kind: string,
    readonly id: string,
    readonly comment: string | null,
    /** PostgreSQL's own JSON. */
    readonly text: string,
  ) {}

  get path(): readonly string[] {
    this.#path ??= this.id.slice(this.kind.length + 1).split("\0");
    return this.#path;
  }

  get definition(): unknown {
    this.#definition ??= JSON.parse(this.text);
    return this.#definition;
  }
}

/** A set of objects and what depends on what. */
export interface Catalog {
  /** `server_version_num` of the PostgreSQL that printed the definitions; 0 for declarations not yet printed by any. */
  readonly serverVersion: number;
  /** By id, in an order that a person would read: parents first. */
  readonly objects: ReadonlyMap<string, CatalogObject>;
  /** id → ids of what it needs, from `pg_depend`. Empty where it was not asked for. */
  readonly dependencies: ReadonlyMap<string, ReadonlySet<string>>;
}

/** The key of an object: no name in a PostgreSQL holds a NUL. */
export function objectId(kind: string, path: readonly string[]): string {
  return `${kind} ${path.join("\0")}`;
}

/** The key of an object whose path PostgreSQL printed: `["public", "users"]`. */
export function printedId(kind: string, path: string): string {
  // Where nothing is escaped, a quote ends a name.
  if (path.includes("\\")) return objectId(kind, JSON.parse(path) as string[]);
  return `${kind} ${path.slice(2, -2).replaceAll('", "', "\0")}`;
}

/** An object from its parts. */
export function catalogObject<Definition>(
  kind: string,
  path: readonly string[],
  comment: string | null,
  definition: Definition,
): CatalogObject<Definition> {
  return { kind, path, id: objectId(kind, path), comment, definition };
}

/** A catalog from objects, in their order. */
export function catalogOf(
  serverVersion: number,
  objects: Iterable<CatalogObject>,
  dependencies: ReadonlyMap<string, ReadonlySet<string>> = new Map(),
): Catalog {
  return { serverVersion, objects: new Map([...objects].map((object) => [object.id, object])), dependencies };
}

/** Who needs each object: `dependencies` turned round. */
export function dependantsOf(catalog: Catalog): ReadonlyMap<string, ReadonlySet<string>> {
  const dependants = new Map<string, Set<string>>();
  for (const [dependant, needs] of catalog.dependencies)
    for (const id of needs) {
      const set = dependants.get(id);
      if (set) set.add(dependant);
      else dependants.set(id, new Set([dependant]));
    }
  return dependants;
}

/** Whether two definitions are the same plain data, whatever the order of their keys. */
export function sameData(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b))
    return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((item, i) => sameData(item, b[i]));
  const entriesA = Object.entries(a).filter(([, value]) => value !== undefined);
  const mapB = new Map(Object.entries(b).filter(([, value]) => value !== undefined));
  return (
    entriesA.length === mapB.size && entriesA.every(([key, value]) => mapB.has(key) && sameData(value, mapB.get(key)))
  );
}
