/**
 * What the tool knows of one kind of object. The reader, differ, planner, renderer and code generator loop over the
 * registry in `kinds/index.ts` and know no kind by name: a new kind is one file and one line there.
 */

import type { Catalog, CatalogObject } from "../catalog/catalog.js";
import type { Declarations } from "../model/declarations.js";
import type { SourceContext, SourcePart } from "./source.js";

/** What a kind's query may depend on. */
export interface ServerInfo {
  /** `server_version_num`, such as 180004. */
  readonly version: number;
}

/** An object as a model declares it: its SQL not yet printed by a PostgreSQL. */
export interface DeclaredObject<Definition> {
  readonly path: readonly string[];
  readonly comment: string | null;
  readonly definition: Definition;
}

/** What may happen to rows or to other sessions when a statement runs. */
export type Hazard =
  /** Rows or values are lost. */
  | "data-loss"
  /** It fails where rows don't fit. */
  | "may-fail"
  /** The table is written anew while nobody can read it. */
  | "rewrite"
  /** Rows are read while writers wait. */
  | "scan";

/** One statement with what has to be known about it. */
export interface Statement {
  readonly sql: string;
  /** What it does to whom, as it stands in the migration file; the planner writes one where none is given. */
  readonly sentence?: string;
  readonly hazards?: readonly Hazard[];
  /** False where PostgreSQL refuses it inside a transaction. */
  readonly transactional?: boolean;
}

/** A part of the parent's CREATE, and what is left to do once that has run. */
export interface InlinePart {
  readonly sql: string;
  /** PostgreSQL takes two parts that have this in common for one, so only the first is written there. */
  readonly sameAs?: string;
  readonly after?: readonly Statement[];
}

/** How one object becomes another of the same id. */
export type Alteration =
  | {
      readonly op: "statements";
      readonly statements: readonly Statement[];
      /** What has to wait until the parts that the object holds are made and changed. */
      readonly late?: readonly Statement[];
      /** Where something later in the plan uses what is new, which PostgreSQL takes only once that is committed. */
      readonly committed?: {
        /** What is new, as text without quotes. */
        readonly fresh: readonly string[];
        /** What runs instead, outside the transaction. */
        readonly statements: readonly Statement[];
      };
      /** Which of those that depend on the object must be gone while it changes, and are put back after. */
      readonly disturbs?: (dependant: CatalogObject, kind: Kind) => boolean;
    }
  /** No ALTER exists: it is dropped and created, and with it all that depends on it. */
  | { readonly op: "replace" };

/** What stands on a side for parts that change hands. */
export interface HandedOver {
  readonly from: readonly CatalogObject[];
  readonly to: readonly CatalogObject[];
}

/** A tie to another object, such as a partition's to its table. */
export interface Tie {
  /** What it is: two of one name are the same. */
  readonly name: string;
  /** The id of an object that can only change while the tie is cut. */
  readonly holds?: string;
  readonly cut: Statement;
  readonly make: Statement;
  /** What is lost with the tie, and has to be put back once it is made. */
  again?(): readonly Statement[];
}

/** What a kind may ask while it writes statements. */
export interface PlanContext {
  readonly from: Catalog;
  readonly to: Catalog;
  /** Whether the object stood before and still stands, so that there may be rows. */
  survives(kind: string, path: readonly string[]): boolean;
  /** Whether another object that is to be has this name, one of those that `slots` gives. */
  sharesSlot(id: string, slot: string): boolean;
  /** The types that are swapped for new ones and that this object uses, with how values are carried over. */
  swapsUnder(id: string): readonly TypeSwap[];
  /** What becomes of rows that hold a label that is gone: removed → the label they take. */
  labelReplacements(id: string): Readonly<Record<string, string>>;
  /** The model's word on how a column's values become its new type. */
  usingFor(id: string): string | null;
  /** Whether this is the way back: lost values are filled in, and what others may use by now stays. */
  readonly isWayBack: boolean;
}

/** A type on its way out, under a name that is out of the way, and its successor. */
export interface TypeSwap {
  readonly from: CatalogObject;
  readonly to: CatalogObject;
  /** Whether values change on the way, so that their own text will not do. */
  readonly changesValues: boolean;
  /** Whether part of a value has no place in the new type. */
  readonly losesValues: boolean;
  /**
   * A value of the old type (or of an array of it) as text of the new one.
   *
   * @throws AthanorError `plan.unreachable` where it holds values that have to change and can't be reached.
   */
  carry(expression: string, isArray: boolean): string;
}

/** What an object holds, for judging how alike two of them are. */
export interface LikenessContext {
  readonly from: readonly CatalogObject[];
  readonly to: readonly CatalogObject[];
}

/** What is read only where it is asked for. */
export type Request = "owners" | "roles";

/** Which objects of a kind the models speak of. What is open stays as the database has it. */
export interface KindScope<Definition> {
  /** What an object of the kind is about: open, where the models declare nothing of that. */
  topicOf(object: CatalogObject<Definition>): string;
  /** The topics that the models speak of, even where they want nothing there. */
  topics(declarations: Declarations): Iterable<string>;
  /** Whether it comes by itself with something else in the catalog, and so is open where it is not declared. */
  isImplied?(object: CatalogObject<Definition>, catalog: Catalog): boolean;
  /** Whether what is open is made anew with the object that holds it. */
  readonly isKept: boolean;
}

/** All that the tool knows of one kind of object. */
export interface Kind<Definition = unknown> {
  readonly name: string;
  /**
   * The kind of the object that holds it: dropped with it, and perhaps created inside its statement. A function where
   * objects of many kinds may: it tells the holder by the object's path.
   */
  readonly parent?: string | ((path: readonly string[]) => Pick<CatalogObject, "kind" | "path">);
  /** Its path is its parent's (a column's default) instead of one longer. */
  readonly sharesParentPath?: boolean;
  /** It holds rows: never dropped and created to make room, whatever depends on what. */
  holdsRows?(object: CatalogObject<Definition>): boolean;
  /** Its path does not begin with a schema's name. */
  readonly inNoSchema?: true;
  /** False for what is only named, never created, altered or dropped. */
  readonly managed?: boolean;
  /**
   * All databases of the server share it. Its statements run on the project's own database, never on a scratch one beside
   * it; what they come to is seen in the embedded database (`migrate/on-server.ts`).
   */
  readonly ofServer?: true;
  /** It is read only where that is asked for. */
  readonly onRequest?: Request;
  /** Of what the models may leave to the database; not given: what they don't declare is dropped. */
  readonly scope?: KindScope<Definition>;

  /** `pg_policy`, `pg_proc WHERE …`: has no row where there is no object of this kind, which is not read then. */
  readonly seenIn?: string;
  /**
   * A SELECT of (classid oid, objid oid, objsubid int, aliases text, path json, comment text, definition json).
   * It may read the CTEs `managed` (oid, nspname) and `member` (classid, objid: what belongs to extensions). `aliases` are
   * other addresses of the same object, `classid/objid`, separated by blanks.
   */
  query(server: ServerInfo): string;
  /** Further CTEs that queries may read, by name. */
  readonly ctes?: Readonly<Record<string, string>>;

  /** What the models declare of this kind. */
  declare?(declarations: Declarations): Iterable<DeclaredObject<Definition>>;

  /** Whether two definitions mean the same where plain equality would be too strict. */
  same?(from: Definition, to: Definition): boolean;

  /** A declaration that leaves something open takes what the database has there. */
  leaveOpen?(declared: Definition, printed: Definition): Definition;
  /** What of a declaration is not so, as PostgreSQL prints it: the end of a sentence; null where all of it is. */
  contradiction?(declared: Definition, printed: Definition): string | null;
  /** Whether it lies outside the managed schemas, so that it is never dropped. */
  isOutside?(object: CatalogObject<Definition>): boolean;

  create?(object: CatalogObject<Definition>, context: PlanContext, children: readonly string[]): readonly Statement[];
  /** Its part of the parent's CREATE, where it can be created there. `children` are the parts of its own children. */
  inline?(object: CatalogObject<Definition>, children: readonly string[]): InlinePart | null;
  drop?(object: CatalogObject<Definition>, context: PlanContext): readonly Statement[];
  alter?(from: CatalogObject<Definition>, to: CatalogObject<Definition>, context: PlanContext): Alteration;
  /** What ties it to others and has no ALTER of its own: it is cut before all other changes, and made after them. */
  ties?(object: CatalogObject<Definition>, catalog: Catalog): readonly Tie[];
  /** Statements that call its parts what the catalog does, where PostgreSQL chose their names; for scratch databases. */
  nameParts?(objects: readonly CatalogObject<Definition>[]): readonly string[];
  /** True where the parent that stands can't be given it, and has to be made anew. */
  needsNewParent?(object: CatalogObject<Definition>, context: PlanContext): boolean;
  rename?(object: CatalogObject<Definition>, name: string): string;
  /** Ids of others whose DROP takes it along, such as the column of an owned sequence. */
  dropsWith?(object: CatalogObject<Definition>, catalog: Catalog): readonly string[];

  /** Named parts that can be renamed apart from the object, such as an enum's labels. */
  readonly parts?: {
    readonly word: string;
    of(definition: Definition): readonly string[];
    rename(object: CatalogObject<Definition>, part: string, name: string): string;
  };

  /** How alike two objects of different names are, from 0 to 1; only equal definitions are alike where it is not given. */
  likeness?(from: CatalogObject<Definition>, to: CatalogObject<Definition>, inside: LikenessContext): number;
  /** True where a rename and a drop-and-create come to the same, so that nobody has to be asked. */
  readonly renamesFreely?: boolean;

  /** For types: how it steps aside for its successor while columns move over. */
  readonly swap?: {
    away(object: CatalogObject<Definition>, name: string): readonly string[];
    dropAway(object: CatalogObject<Definition>, name: string): string;
    carry(
      from: CatalogObject<Definition>,
      to: CatalogObject<Definition>,
      context: PlanContext,
    ): (expression: string, isArray: boolean) => string;
    /** Whether that changes values; false where it is not given. */
    changesValues?(from: CatalogObject<Definition>, to: CatalogObject<Definition>, context: PlanContext): boolean;
    /** Whether part of a value is lost by that; false where it is not given. */
    losesValues?(from: CatalogObject<Definition>, to: CatalogObject<Definition>, context: PlanContext): boolean;
  };
  /** True for what moves to a type's successor in place (columns), instead of being dropped and created. */
  readonly retypes?: boolean;

  /** `COLUMN "public"."users"."email"`: what stands after COMMENT ON. */
  commentTarget?(object: CatalogObject<Definition>): string;
  /** Names that no two objects may have at once, such as `relation "public"."users_pkey"`. */
  slots?(object: CatalogObject<Definition>): readonly string[];
  /** It has rows as soon as it is made, so that what is made on it is not made on nothing. */
  readonly bornWithRows?: true;
  /** Its name without what else is in the last part of its path, such as a function's argument types. */
  plainName?(path: readonly string[]): string;
  /** Statements name it by types that it needs: it goes before one of these steps aside under another name. */
  readonly namedByTypes?: true;
  /**
   * Whether PostgreSQL refuses to change the type of a column that it needs, or loses part of it with that, so that it has to be
   * gone meanwhile.
   */
  bindsColumns?(object: CatalogObject<Definition>): boolean;
  /** Text of its own in which it may name others that `pg_depend` does not tell of: a guess at what has to be there first. */
  mentions?(object: CatalogObject<Definition>): string | null;
  /** Ids that it needs and that `pg_depend` does not tell of. */
  needs?(object: CatalogObject<Definition>, objects: Catalog["objects"]): readonly string[];
  /** Roles that its statements name. */
  roles?(object: CatalogObject<Definition>): readonly string[];
  /** Whether it can do without this one, though `pg_depend` says otherwise: one of its parts needs it. */
  standsWithout?(need: CatalogObject): boolean;
  /** Parts that change hands between two that both stay, which are altered instead of dropped and created. */
  handedOver?(from: Catalog, to: Catalog): HandedOver;
  /** Ids of others that make room for it where they are dropped or altered. */
  createsAfter?(object: CatalogObject<Definition>, context: PlanContext): readonly string[];
  /** Ids of others that have to be altered or dropped before it is altered. */
  altersAfter?(object: CatalogObject<Definition>, context: PlanContext): readonly string[];
  /** How it is written as model source; nothing where another object's source says it. */
  source?(object: CatalogObject<Definition>, context: SourceContext): SourcePart | null;
  /** How an object is called in messages, where the kind's name is not it. `path`: as it is to be shown. */
  describe?(object: CatalogObject<Definition>, path: readonly string[]): string;
}
