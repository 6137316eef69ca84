/**
 * Reads a catalog out of a live PostgreSQL: two queries however many tables (three with dependencies), in one snapshot,
 * with an empty `search_path` so that every name that is printed is qualified.
 */

import { type Catalog, type CatalogObject, PrintedObject, printedId } from "../catalog/catalog.js";
import type { Connection, Fields } from "../engine/connection.js";
import { newList, remember } from "../remember.js";
import { kindOf, kinds, parentId, schemaId } from "./index.js";
import type { Kind, Request } from "./kind.js";

/** What the reader needs of a connection. */
export type CatalogConnection = Pick<Connection, "serverVersion" | "query">;

export interface ReadOptions {
  /** The managed schemas; `"*"`: all but PostgreSQL's own. */
  readonly schemas: readonly string[] | "*";
  /** Objects to leave out with all they hold, such as the history table. */
  readonly ignore?: (object: Pick<CatalogObject, "kind" | "path" | "definition">) => boolean;
  /** What else to read beside what is always read. Default: nothing. */
  readonly also?: readonly Request[];
  /** The kinds to read. Default: all. */
  readonly only?: (kind: Kind) => boolean;
  /** Whether to read who depends on whom, told by what was found. Default: yes. */
  readonly dependencies?: (objects: readonly CatalogObject[]) => boolean;
  /** False inside a transaction of the caller's own. Default: true. */
  readonly transaction?: boolean;
}

/** An address of `pg_depend`: `classid/objid/objsubid`. */
type Address = string;

/**
 * @throws DatabaseError where the role may not read a catalog, or the connection is lost.
 */
export async function readCatalog(connection: CatalogConnection, options: ReadOptions): Promise<Catalog> {
  const own = options.transaction ?? true;
  if (own) await connection.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
  try {
    const catalog = await readInTransaction(connection, options);
    if (own) await connection.query("COMMIT");
    return catalog;
  } catch (error) {
    // The first error is the one to tell; the connection may be gone.
    if (own) await connection.query("ROLLBACK").catch(() => undefined);
    throw error;
  }
}

async function readInTransaction(connection: CatalogConnection, options: ReadOptions): Promise<Catalog> {
  const [size, seen] = (await connection.query(prologue, [], { raw: true })).rows[0]!.slice(-2).map(String);
  const server = { version: connection.serverVersion };
  const there = new Set(kinds.filter((_, i) => seen?.[i] === "1"));
  const only = (kind: Kind) => there.has(kind) && (options.only?.(kind) ?? true);
  // What is kept prepared is planned for a catalog of some size: one of twice that is another statement.
  const prepared = (text: string) => `${text}\n-- pg_depend of 2^${size} pages`;
  const text = prepared(objectsQuery(server, { ...options, only }));
  const { rows } = await connection.query(text, [], { read: readRow, prepare: true });
  const objects = new Map<string, CatalogObject>();
  const found: Row[] = [];
  const left = new Set<string>();
  // Sorted here and not by PostgreSQL, which sends the first rows while it makes the last.
  for (const row of rows.sort(inOrder)) {
    const { object } = row;
    if (isLeftOut(object, left, options.ignore) || isOrphan(object, objects)) continue;
    objects.set(object.id, object);
    found.push(row);
  }
  const all = [...objects.values()];
  const dependencies =
    (options.dependencies?.(all) ?? true)
      ? await readDependencies(connection, prepared(dependencyQuery), addressesOf(found), all)
      : new Map<string, Set<string>>();
  return { serverVersion: connection.serverVersion, objects, dependencies };
}

/** An object, and what of its row is not part of it. */
interface Row {
  readonly object: PrintedObject;
  readonly rank: number;
  readonly objid: number;
  readonly objsubid: number;
  /** `0`: no address of its own. */
  readonly classid: string;
  readonly aliases: string | null;
}

function readRow([rank, classid, objid, objsubid, aliases, path, comment, definition]: Fields): Row {
  const kind = kinds[Number(rank)]?.name ?? "";
  return {
    object: new PrintedObject(kind, printedId(kind, path ?? ""), comment ?? null, definition ?? "{}"),
    rank: Number(rank),
    objid: Number(objid),
    objsubid: Number(objsubid),
    classid: classid ?? "0",
    aliases: aliases ?? null,
  };
}

/** Whose each address is. */
function addressesOf(rows: readonly Row[]): ReadonlyMap<Address, string> {
  const addresses = new Map<Address, string>();
  for (const { object, classid, objid, objsubid, aliases } of rows) {
    if (classid !== "0") addresses.set(`${classid}/${objid}/${objsubid}`, object.id);
    for (const alias of aliases?.split(" ") ?? []) addresses.set(aliasAddress(alias), object.id);
  }
  return addresses;
}

/** By kind, then in the order that the objects were made in: a table's columns as they stand in it, privileges by role. */
function inOrder(a: Row, b: Row): number {
  return a.rank - b.rank || a.objid - b.objid || a.objsubid - b.objsubid || (a.object.id < b.object.id ? -1 : 1);
}

/**
 * Sets what PostgreSQL prints depends on; asks how large the catalog is (`7`: some 2^7 pages of `pg_depend`), and which kinds
 * are seen in it (`0110…`): PostgreSQL takes longer to plan the query of all kinds than to run it.
 */
const prologue = `SELECT ${Object.entries({
  search_path: "",
  quote_all_identifiers: "off",
  DateStyle: "ISO, YMD",
  IntervalStyle: "postgres",
  TimeZone: "UTC",
  extra_float_digits: "1",
  bytea_output: "hex",
  xmloption: "content",
  lc_monetary: "C",
  statement_timeout: "0",
  // Compiling a query of so many parts takes longer than running it.
  jit: "off",
})
  .map(([name, value]) => `set_config('${name}', '${value}', true)`)
  .join(", ")}, floor(log(2, pg_relation_size('pg_catalog.pg_depend') / 8192 + 1)), ${kinds
  .map(({ seenIn }) => (seenIn === undefined ? "'1'" : `EXISTS (SELECT FROM pg_catalog.${seenIn})::int`))
  .join(" || ")}`;

/** One row for each object: its kind's rank, then what a kind's query gives. */
export function objectsQuery(
  server: { version: number },
  { schemas, also = [], only = () => true }: Pick<ReadOptions, "schemas" | "also" | "only">,
): string {
  const scope =
    schemas === "*"
      ? "nspname !~ '^pg_' AND nspname <> 'information_schema'"
      : `nspname IN (${schemas.map((name) => `'${name.replaceAll("'", "''")}'`).join(", ") || "NULL"})`;
  const ctes = {
    managed: `SELECT oid, nspname FROM pg_namespace WHERE ${scope}`,
    member: "SELECT classid, objid FROM pg_depend WHERE deptype = 'e'",
    ...Object.assign({}, ...kinds.map((kind) => kind.ctes ?? {})),
  };
  const isWanted = (kind: Kind) => only(kind) && (kind.onRequest === undefined || also.includes(kind.onRequest));
  const selects = kinds.flatMap((kind, rank) =>
    isWanted(kind)
      ? `SELECT ${rank}, q.* FROM (${kind.query(server)}) q (classid, objid, objsubid, aliases, path, comment, definition)`
      : [],
  );
  const withClause = Object.entries(ctes).map(([name, text]) => `${name} AS MATERIALIZED (${text})`);
  return `WITH ${withClause.join(",\n")}\n${selects.join("\nUNION ALL\n")}`;
}

function isLeftOut(object: CatalogObject, left: Set<string>, ignore: ReadOptions["ignore"]): boolean {
  if (!ignore?.(object) && !isHeldBy(left, object)) return false;
  left.add(object.id);
  return true;
}

function isHeldBy(ids: ReadonlySet<string>, object: Pick<CatalogObject, "kind" | "path">): boolean {
  if (ids.size === 0) return false;
  const parent = parentId(object);
  return parent !== null && ids.has(parent);
}

/** Where objects of many kinds may hold it, its query does not ask whether the one that does is an object of ours. */
function isOrphan(object: CatalogObject, found: ReadonlyMap<string, CatalogObject>): boolean {
  if (typeof kindOf(object.kind).parent !== "function") return false;
  const parent = parentId(object);
  return parent !== null && !found.has(parent);
}

/** The address that a kind's query gives as an alias. */
export function aliasAddress(alias: string): Address {
  const [catalog, oid] = alias.split("/");
  return `${catalogOids[catalog ?? ""] ?? catalog}/${oid}/0`;
}

/** Fixed since PostgreSQL's first release (src/include/catalog/*.h). */
const catalogOids: Readonly<Record<string, number>> = { pg_class: 1259, pg_type: 1247, pg_constraint: 2606 };

/**
 * `pg_depend`, and for what is no object of ours the relation that it belongs to: a view's rule, the default of a column
 * of a partition. A NOT NULL, from PostgreSQL 18 on a constraint, is its column's; constraints and indexes that follow
 * those of a table above (-2) are that table's, and what they need themselves says nothing, as
 * nothing says what an inherited column needs. What needs a
 * column that came from another table needs that one too (class 0): it is there that columns change.
 */
const dependencyQuery = `
  SELECT classid, objid, objsubid, refclassid, refobjid, refobjsubid FROM pg_depend d
    WHERE refobjid >= 16384 AND deptype IN ('n', 'a', 'i', 'P', 'S', 'x') AND NOT (classid = 'pg_class'::regclass AND objsubid > 0 AND EXISTS (
      SELECT FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
      WHERE a.attrelid = d.objid AND a.attnum = d.objsubid AND (a.attinhcount > 0 OR c.reloftype <> 0)))
  UNION ALL SELECT 'pg_rewrite'::regclass, oid, -1, 'pg_class'::regclass, ev_class, 0 FROM pg_rewrite WHERE oid >= 16384
  UNION ALL SELECT 'pg_attrdef'::regclass, oid, -1, 'pg_class'::regclass, adrelid, adnum FROM pg_attrdef
  UNION ALL SELECT 'pg_constraint'::regclass, oid, -1, 'pg_class'::regclass, conrelid, CASE contype WHEN 'n' THEN conkey[1] ELSE 0 END
    FROM pg_constraint WHERE conrelid <> 0 AND conparentid = 0 AND coninhcount = 0 AND oid >= 16384
  UNION ALL SELECT 'pg_constraint'::regclass, oid, -2, 'pg_constraint'::regclass, conparentid, 0
    FROM pg_constraint WHERE conparentid <> 0 OR coninhcount > 0
  UNION ALL SELECT 'pg_class'::regclass, indexrelid, CASE WHEN inhparent IS NULL THEN -1 ELSE -2 END, 'pg_class'::regclass, coalesce(inhparent, indrelid), 0
    FROM pg_index LEFT JOIN pg_inherits ON inhrelid = indexrelid WHERE indexrelid >= 16384
  UNION ALL SELECT 0, a.attrelid, a.attnum, 'pg_class'::regclass, p.attrelid, p.attnum
    FROM pg_inherits i JOIN pg_attribute a ON a.attrelid = i.inhrelid JOIN pg_attribute p ON p.attrelid = i.inhparent AND p.attname = a.attname
    WHERE a.attinhcount > 0 AND EXISTS (
      SELECT FROM pg_depend d WHERE d.refclassid = 'pg_class'::regclass AND d.refobjid = a.attrelid AND d.refobjsubid = a.attnum
        AND d.classid NOT IN ('pg_class'::regclass, 'pg_constraint'::regclass, 'pg_attrdef'::regclass))`;

/** Without the number of a part. */
function objectOf(address: Address): string {
  return address.slice(0, address.lastIndexOf("/"));
}

async function readDependencies(
  connection: CatalogConnection,
  query: string,
  addresses: ReadonlyMap<Address, string>,
  objects: readonly CatalogObject[],
): Promise<Map<string, Set<string>>> {
  const owners = new Map<string, string>();
  const clones = new Set<string>();
  const sources = new Map<Address, Address[]>();
  const edges: (readonly [Address, Address])[] = [];
  const read = ([classid, objid, objsubid, refclassid, refobjid, refobjsubid]: Fields) => {
    const need = `${refclassid}/${refobjid}/${refobjsubid}`;
    if (classid === "0") {
      remember(sources, `${catalogOids.pg_class}/${objid}/${objsubid}`, newList<Address>).push(need);
      return;
    }
    if (objsubid === "-2") clones.add(`${classid}/${objid}`);
    if (objsubid === "-1" || objsubid === "-2") owners.set(`${classid}/${objid}`, need);
    else edges.push([`${classid}/${objid}/${objsubid}`, need]);
  };
  await connection.query(query, [], { read, prepare: true });
  const resolve = (address: Address): string | undefined => {
    const known = addresses.get(address);
    if (known !== undefined) return known;
    const object = objectOf(address);
    const whole = addresses.get(`${object}/0`);
    if (whole !== undefined) return whole;
    const owner = owners.get(object);
    return owner === undefined || owner === address ? undefined : resolve(owner);
  };
  const byId = new Map(objects.map((object) => [object.id, object]));
  const holderOf = (id: string) => {
    const object = byId.get(id);
    return object === undefined ? null : parentId(object);
  };
  const dependencies = new Map<string, Set<string>>();
  const add = (dependant: string | undefined, need: string | undefined) => {
    if (dependant === undefined || need === undefined || dependant === need) return;
    // What a table says of itself is said of its parts too.
    if (holderOf(need) === dependant) return;
    const set = dependencies.get(dependant);
    if (set) set.add(need);
    else dependencies.set(dependant, new Set([need]));
  };
  for (const [dependant, need] of edges) {
    if (clones.has(objectOf(dependant))) continue;
    const from = resolve(dependant);
    add(from, resolve(need));
    const further = sources.get(need);
    if (further === undefined) continue;
    add(from, resolve(`${objectOf(need)}/0`));
    // A Set gives what is added while it is walked.
    const above = new Set(further);
    for (const column of above) {
      add(from, resolve(column));
      for (const next of sources.get(column) ?? []) above.add(next);
    }
  }
  for (const object of objects) {
    const schema = schemaId(object);
    if (schema !== null && byId.has(schema)) add(object.id, schema);
    for (const need of kindOf(object.kind).needs?.(object, byId) ?? []) if (byId.has(need)) add(object.id, need);
  }
  return dependencies;
}
