/** Changes in an order in which PostgreSQL takes them. Knows no kind by name. */

import { type Catalog, type CatalogObject, catalogOf, dependantsOf } from "../catalog/catalog.js";
import { AthanorError } from "../errors.js";
import { describe, kindOf, parentId, rankOf } from "../kinds/index.js";
import type { Hazard, PlanContext, Statement } from "../kinds/kind.js";
import { derivedName, quoteLiteral } from "../sql/identifier.js";
import { type PlanOptions, planContext, withHandedOver, withOwnNeeds } from "./context.js";
import { OrderGraph } from "./graph.js";
import { guessedOrder, type OwnKeys, type Role, uncheckedBodies } from "./mentions.js";
import { obstacleSentences } from "./obstacles.js";
import { slotOrder } from "./slots.js";
import { decideStates, type State } from "./states.js";

/** One statement of a plan. */
export interface Step {
  readonly sql: string;
  /** What it does to whom. */
  readonly sentence: string;
  readonly hazards: readonly Hazard[];
  /** False where PostgreSQL refuses it inside a transaction. */
  readonly transactional: boolean;
  /** It is about what all databases of the server share. */
  readonly ofServer?: true;
}

/**
 * The statements that turn one catalog into the other.
 *
 * @throws AthanorError `plan.unmanaged` where an object that is not managed stands in the way, `plan.cycle` where no order
 * exists.
 */
export function planChanges(before: Catalog, after: Catalog, options: PlanOptions = {}): readonly Step[] {
  const [from, to] = withHandedOver(withOwnNeeds(before), withOwnNeeds(after));
  const contextOf = (states: ReadonlyMap<string, State>) => planContext(from, to, states, options);
  const { states, obstacles } = decideStates(from, to, contextOf);
  const sentences = obstacleSentences(from, to, states, obstacles);
  if (sentences.length > 0) throw new AthanorError("plan.unmanaged", sentences.join("\n"));
  return new Planner(from, to, states, contextOf(states)).plan();
}

/** The statements that create all that is managed in the catalog, what it needs beyond that taken for granted. */
export function planCreation(printed: Catalog): readonly Step[] {
  const catalog = withOwnNeeds(printed);
  const nothing = catalogOf(catalog.serverVersion, []);
  const contextOf = (states: ReadonlyMap<string, State>) => planContext(nothing, catalog, states, {});
  const { states } = decideStates(nothing, catalog, contextOf);
  return new Planner(nothing, catalog, states, contextOf(states)).plan();
}

interface Vertex {
  readonly role: Role;
  readonly id: string;
  readonly state: State;
}

const key = (role: Role, id: string) => `${role} ${id}`;

class Planner {
  readonly #vertices = new Map<string, Vertex>();
  /** The vertices of each object that has a place in the order. */
  readonly #keys = new Map<string, OwnKeys>();
  /** Vertices that happen inside another's statement: child → parent. */
  readonly #merged = new Map<string, string>();
  readonly #edges: (readonly [string, string])[] = [];
  /** Guesses at what a body needs: they give way where they close a circle, and then bodies are not checked. */
  #guesses: readonly (readonly [string, string])[] = [];
  /** All names of both catalogs, once they are asked for. */
  #names: ReadonlySet<string> | undefined;

  constructor(
    readonly from: Catalog,
    readonly to: Catalog,
    readonly states: ReadonlyMap<string, State>,
    readonly context: PlanContext,
  ) {}

  plan(): Step[] {
    this.#makeVertices();
    this.#makeEdges();
    const guessed = guessedOrder(this.to, this.#keys);
    this.#guesses = guessed;
    this.#merge();
    const ordered = this.#order();
    const children = new Map<string, string[]>();
    for (const [child] of this.#merged) {
      const parent = this.#into(child, 1);
      const list = children.get(parent);
      if (list) list.push(child);
      else children.set(parent, [child]);
    }
    const steps = ordered.map((vertex) => ({ vertex, steps: this.#marked(vertex, this.#steps(vertex, children)) }));
    // What is committed by itself goes ahead of all else, so that the rest is one transaction.
    const ahead = steps.map(({ vertex }, i) => this.#committedFirst(vertex, () => steps.slice(i + 1)));
    return [
      ...ahead.flatMap((found) => found ?? []),
      ...(this.#guesses.length < guessed.length ? [uncheckedBodies] : []),
      ...steps.flatMap((each, i) => (ahead[i] === null ? each.steps : [])),
    ];
  }

  #marked(vertexKey: string, steps: readonly Step[]): readonly Step[] {
    const state = this.#vertices.get(vertexKey)?.state;
    const isOfServer = state !== undefined && kindOf(objectOf(state).kind).ofServer === true;
    return isOfServer ? steps.map((each) => ({ ...each, ofServer: true })) : steps;
  }

  /** What an alteration brings has to be committed before other statements use it: null where none does. */
  #committedFirst(
    vertexKey: string,
    later: () => readonly { readonly vertex: string; readonly steps: readonly Step[] }[],
  ): Step[] | null {
    const state = this.#vertices.get(vertexKey)?.state;
    if (state?.op !== "alter" || state.alteration.op !== "statements" || !state.alteration.committed) return null;
    const { fresh, statements } = state.alteration.committed;
    const dependants = allDependants(this.to, state.to.id);
    const users = new Set(
      [...this.#vertices].filter(([, { id }]) => dependants.has(id)).map(([dependant]) => this.#into(dependant)),
    );
    const used = later().some(({ vertex, steps }) => users.has(vertex) && steps.some((each) => mayUse(each, fresh)));
    if (!used) return null;
    return [
      ...statements.map((statement) => step(statement, `alter ${describe(state.to)}`)),
      ...commentSteps(state.from, state.to),
    ];
  }

  #makeVertices(): void {
    for (const [id, state] of this.states) {
      const roles = rolesOf(state);
      for (const role of roles) this.#vertices.set(key(role, id), { role, id, state });
      if (!isCommentOnly(state)) this.#keys.set(id, Object.fromEntries(roles.map((role) => [role, key(role, id)])));
    }
  }

  #makeEdges(): void {
    const before = (first: string | undefined, then: string | undefined) => {
      if (first !== undefined && then !== undefined) this.#edges.push([first, then]);
    };
    for (const [id, own] of this.#keys) {
      const state = this.states.get(id);
      if (state === undefined) continue;
      const { op } = state;
      if (op === "replace") before(own.drop, own.create);
      if (op === "swap") {
        before(own.away, own.create);
        before(own.create, own.drop);
      }
      const isNamedByTypes = kindOf(objectOf(state).kind).namedByTypes === true;
      for (const need of needsOf(this.from, id)) {
        const needed = this.#keys.get(need);
        before(own.away, needed?.away);
        before(own.drop, needed?.drop);
        if (isNamedByTypes) before(own.drop, needed?.away);
        before(own.alter, needed?.drop);
        // A type that waits to be dropped is in nobody's way.
        if (op !== "swap") before(own.drop, needed?.alter);
      }
      for (const need of needsOf(this.to, id)) {
        const needed = this.#keys.get(need);
        before(needed?.create, own.create);
        before(needed?.create, own.alter);
        before(needed?.alter, own.create);
        before(needed?.alter, own.alter);
      }
      before(own.alter, own.finish);
      const holder = this.#keys.get(this.#parentOf(id) ?? "");
      before(own.create, holder?.finish);
      before(own.alter, holder?.finish);
      for (const first of this.#createsAfter(id)) {
        const { drop, alter } = this.#keys.get(first) ?? {};
        before(drop ?? alter, own.create);
      }
      for (const first of this.#altersAfter(id)) {
        const { drop, alter } = this.#keys.get(first) ?? {};
        before(alter ?? drop, own.alter);
      }
    }
    for (const [first, then] of slotOrder(this.states))
      this.#edges.push([key(first.role, first.id), key(then.role, then.id)]);
  }

  #parentOf(id: string): string | null {
    const object = this.to.objects.get(id);
    return object === undefined ? null : parentId(object);
  }

  #createsAfter(id: string): readonly string[] {
    const state = this.states.get(id);
    return state?.op === "create" ? (kindOf(state.to.kind).createsAfter?.(state.to, this.context) ?? []) : [];
  }

  #altersAfter(id: string): readonly string[] {
    const state = this.states.get(id);
    return state?.op === "alter" ? (kindOf(state.to.kind).altersAfter?.(state.to, this.context) ?? []) : [];
  }

  /** A child is created inside its parent's CREATE where it can be, and goes with its parent's DROP. */
  #merge(): void {
    const taken = new Set<string>();
    for (const [vertexKey, { role, state }] of this.#vertices) {
      if (role === "create" && state.op !== "drop" && state.op !== "alter") {
        const parent = parentId(state.to);
        if (parent === null || !this.#vertices.has(key("create", parent))) continue;
        const part = kindOf(state.to.kind).inline?.(state.to, []);
        if (!part || taken.has(`${parent} ${part.sameAs}`)) continue;
        if (part.sameAs !== undefined) taken.add(`${parent} ${part.sameAs}`);
        this.#merged.set(vertexKey, key("create", parent));
      }
      if (role === "drop" && state.op !== "create") {
        const holders = [parentId(state.from), ...(kindOf(state.from.kind).dropsWith?.(state.from, this.from) ?? [])];
        const holder = holders.find((id) => id !== null && this.#vertices.has(key("drop", id)));
        if (holder) this.#merged.set(vertexKey, key("drop", holder));
      }
    }
  }

  /** The vertex in whose statement this one happens. `levels`: how far up; all the way where it is not given. */
  #into(vertexKey: string, levels = Number.POSITIVE_INFINITY): string {
    let current = vertexKey;
    for (let level = 0; level < levels; level++) {
      const parent = this.#merged.get(current);
      if (parent === undefined) break;
      current = parent;
    }
    return current;
  }

  #order(): string[] {
    for (;;) {
      const graph = new OrderGraph([...this.#vertices.keys()].filter((vertex) => !this.#merged.has(vertex)));
      for (const [first, then] of [...this.#edges, ...this.#guesses]) {
        if (this.#isSwapChild(first, then)) continue;
        graph.addEdge(this.#into(first), this.#into(then));
      }
      const result = graph.order(this.#priorities());
      if ("ordered" in result) return result.ordered;
      const cycle = new Set(result.cycle);
      if (!this.#giveUpGuesses(cycle) && !this.#split(cycle)) throw this.#cycleError(result.cycle);
    }
  }

  #giveUpGuesses(cycle: ReadonlySet<string>): boolean {
    const kept = this.#guesses.filter(([first, then]) => !cycle.has(this.#into(first)) || !cycle.has(this.#into(then)));
    const isShorter = kept.length < this.#guesses.length;
    this.#guesses = kept;
    return isShorter;
  }

  /** What a swapped type holds leaves with the old type, after its successor's has come. */
  #isSwapChild(first: string, then: string): boolean {
    const [a, b] = [this.#vertices.get(first), this.#vertices.get(then)];
    if (a === undefined || b === undefined || a.id !== b.id || a.role !== "drop" || b.role !== "create") return false;
    const holder = this.#vertices.get(this.#into(first));
    return holder?.state.op === "swap";
  }

  /** Takes out of a cycle's statements, at one place, the parts that can stand alone and make it one. */
  #split(cycle: ReadonlySet<string>): boolean {
    const culprits = new Map<string, Set<string>>();
    for (const [first, then] of this.#edges) {
      const [a, b] = [this.#into(first), this.#into(then)];
      if (a === b || !cycle.has(a) || !cycle.has(b)) continue;
      // What has to be dropped earlier goes ahead; what has to be created later follows.
      const part = this.#vertices.get(first)?.role === "drop" ? first : then;
      const other = part === first ? then : first;
      const found = [part, other].find((vertex) => this.#merged.has(vertex) && this.#standsAlone(vertex));
      if (found !== undefined) culprits.set(`${a} ${b}`, (culprits.get(`${a} ${b}`) ?? new Set()).add(found));
    }
    const [place] = culprits.values();
    for (const vertex of place ?? []) this.#merged.delete(vertex);
    return place !== undefined;
  }

  /** Columns are what a table is made of; they are not taken out of its CREATE or DROP. */
  #standsAlone(vertexKey: string): boolean {
    const vertex = this.#vertices.get(vertexKey);
    return vertex !== undefined && !kindOf(objectOf(vertex.state).kind).retypes;
  }

  #cycleError(cycle: readonly string[]): AthanorError {
    const names = cycle.map((vertexKey) => {
      const vertex = this.#vertices.get(vertexKey);
      return vertex === undefined ? vertexKey : `${vertex.role} ${describe(objectOf(vertex.state))}`;
    });
    return new AthanorError(
      "plan.cycle",
      `No order of statements exists, since each of these waits for the next: ${names.join(" → ")}. Break the circle by making the change in two migrations.`,
    );
  }

  /** Creations and alterations by kind and name; drops after, the other way round. */
  #priorities(): (vertexKey: string) => number {
    const entries = [...this.#vertices].map(([vertexKey, { role, state }], i) => {
      const rank = rankOf(objectOf(state).kind);
      return { vertexKey, phase: role === "drop" ? 1 : 0, rank: role === "drop" ? -rank : rank, i };
    });
    entries.sort((a, b) => a.phase - b.phase || a.rank - b.rank || a.i - b.i);
    const priorities = new Map(entries.map(({ vertexKey }, priority) => [vertexKey, priority]));
    return (vertexKey) => priorities.get(vertexKey) ?? 0;
  }

  #steps(vertexKey: string, children: ReadonlyMap<string, readonly string[]>): Step[] {
    const vertex = this.#vertices.get(vertexKey);
    if (vertex === undefined) return [];
    const { role, state } = vertex;
    const object = objectOf(state);
    const kind = kindOf(object.kind);
    const steps = (statements: readonly Statement[], verb: string) =>
      statements.map((statement) => step(statement, `${verb} ${describe(object)}`));
    if (role === "away") {
      const away = state.op === "swap" ? kind.swap?.away(state.from, this.#awayName(state.from)) : undefined;
      return steps(
        (away ?? []).map((sql) => ({ sql })),
        "set aside",
      );
    }
    if (role === "drop") {
      if (state.op === "create") return [];
      if (state.op !== "swap") return steps(kind.drop?.(state.from, this.context) ?? [], "drop");
      const sql = kind.swap?.dropAway(state.from, this.#awayName(state.from));
      return steps(sql === undefined ? [] : [{ sql }], "drop the old");
    }
    if (role === "alter") {
      if (state.op !== "alter" || state.alteration.op !== "statements") return [];
      return [...steps(state.alteration.statements, "alter"), ...commentSteps(state.from, state.to)];
    }
    if (role === "finish") return steps(lateStatements(state), "alter");
    return this.#createSteps(vertexKey, children);
  }

  #awayName(object: CatalogObject): string {
    this.#names ??= new Set(
      [this.from, this.to].flatMap(({ objects }) => [...objects.values()].flatMap(({ path }) => path)),
    );
    return freeName(object, this.#names);
  }

  #createSteps(vertexKey: string, children: ReadonlyMap<string, readonly string[]>): Step[] {
    const vertex = this.#vertices.get(vertexKey);
    if (vertex === undefined || vertex.state.op === "drop") return [];
    const { to } = vertex.state;
    const { parts, after } = this.#inlined(vertexKey, children);
    const statements = kindOf(to.kind).create?.(to, this.context, parts) ?? [];
    const parent = parentId(to);
    // On a table that is new, nothing can be lost, scanned or refused.
    const holder = parent === null ? undefined : this.#vertices.get(key("create", parent));
    const isNew = holder !== undefined && !kindOf(objectOf(holder.state).kind).bornWithRows;
    return [
      ...statements.map((statement) =>
        step(isNew ? { ...statement, hazards: [] } : statement, `create ${describe(to)}`),
      ),
      ...commentSteps(null, to),
      ...after,
    ];
  }

  /** The parts that happen inside a CREATE, and what each of them leaves to do. */
  #inlined(vertexKey: string, children: ReadonlyMap<string, readonly string[]>): { parts: string[]; after: Step[] } {
    const parts: string[] = [];
    const after: Step[] = [];
    for (const child of children.get(vertexKey) ?? []) {
      const vertex = this.#vertices.get(child);
      if (vertex === undefined || vertex.state.op === "drop") continue;
      const { to } = vertex.state;
      const inner = this.#inlined(child, children);
      const part = kindOf(to.kind).inline?.(to, inner.parts);
      if (!part) continue;
      parts.push(part.sql);
      after.push(
        ...(part.after ?? []).map((statement) => step(statement, `alter ${describe(to)}`)),
        ...commentSteps(null, to),
        ...inner.after,
      );
    }
    return { parts, after };
  }
}

function rolesOf(state: State): readonly Role[] {
  if (state.op === "swap") return ["away", "create", "drop"];
  if (state.op === "replace") return ["drop", "create"];
  return lateStatements(state).length > 0 ? ["alter", "finish"] : [state.op];
}

function lateStatements(state: State): readonly Statement[] {
  return state.op === "alter" && state.alteration.op === "statements" ? (state.alteration.late ?? []) : [];
}

/** Where only a comment changes, any time will do. */
function isCommentOnly(state: State): boolean {
  return (
    state.op === "alter" &&
    state.alteration.op === "statements" &&
    state.alteration.statements.length === 0 &&
    lateStatements(state).length === 0
  );
}

function objectOf(state: State): CatalogObject {
  return state.op === "drop" ? state.from : state.to;
}

/** All that depends on an object, directly or through others. */
function allDependants(catalog: Catalog, id: string): ReadonlySet<string> {
  const dependants = dependantsOf(catalog);
  const found = new Set<string>([id]);
  for (const each of found) for (const dependant of dependants.get(each) ?? []) found.add(dependant);
  found.delete(id);
  return found;
}

/** What an object needs: its dependencies, and the object that holds it. */
function* needsOf(catalog: Catalog, id: string): Iterable<string> {
  yield* catalog.dependencies.get(id) ?? [];
  const object = catalog.objects.get(id);
  const parent = object === undefined ? null : parentId(object);
  if (parent !== null) yield parent;
}

/** Rows that are written anew may hold what is fresh; else it stands in the statement, somehow quoted. */
function mayUse({ sql, hazards }: Step, fresh: readonly string[]): boolean {
  const bare = (text: string) => text.replaceAll(/['"\\]/g, "");
  return hazards.includes("rewrite") || fresh.some((text) => bare(sql).includes(bare(text)));
}

function step(statement: Statement, sentence: string): Step {
  return {
    sql: statement.sql,
    sentence: statement.sentence ?? sentence,
    hazards: statement.hazards ?? [],
    transactional: statement.transactional ?? true,
  };
}

function commentSteps(from: CatalogObject | null, to: CatalogObject): Step[] {
  const target = kindOf(to.kind).commentTarget?.(to);
  if (target === undefined || (from?.comment ?? null) === to.comment) return [];
  const text = to.comment === null ? "NULL" : quoteLiteral(to.comment).trimStart();
  return [
    step(
      { sql: `COMMENT ON ${target} IS ${text}` },
      `${to.comment === null ? "remove the comment from" : "comment on"} ${describe(to)}`,
    ),
  ];
}

/** A name under which a swapped type waits to be dropped, and which nothing has. */
function freeName({ path }: CatalogObject, taken: ReadonlySet<string>): string {
  for (let i = 1; ; i++) {
    const name = derivedName(path.at(-1) ?? "", "going", i === 1 ? "away" : `away${i}`);
    if (!taken.has(name)) return name;
  }
}
