/** The verbs: each is loaded when it is called. */

import type { Verb } from "./verb.js";

export interface VerbEntry {
  /** As it is typed: `diff`, `migrate up`. */
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<Verb>;
}

export const groups = [{ name: "migrate", summary: "write, apply and inspect migrations" }] as const;

export const verbs: readonly VerbEntry[] = [
  {
    name: "init",
    summary: "write a config, a first model and a migrations folder",
    load: async () => (await import("./verbs/init.js")).init,
  },
  {
    name: "introspect",
    summary: "write models from an existing database",
    load: async () => (await import("./verbs/introspect.js")).introspect,
  },
  {
    name: "diff",
    summary: "show what separates two sources: models, db, migrations, empty, a URL, an .sql file, a folder",
    load: async () => (await import("./verbs/diff.js")).diff,
  },
  {
    name: "sync",
    summary: "make the database match the models at once, with no migration file",
    load: async () => (await import("./verbs/sync.js")).sync,
  },
  {
    name: "migrate generate",
    summary: "write the next migration, from the database or the history to the models",
    load: async () => (await import("./verbs/generate.js")).generate,
  },
  {
    name: "migrate up",
    summary: "apply what is pending",
    load: async () => (await import("./verbs/up.js")).up,
  },
  {
    name: "migrate down",
    summary: "revert one migration, several, or all behind one",
    load: async () => (await import("./verbs/down.js")).down,
  },
  {
    name: "migrate status",
    summary: "show what is applied, pending, edited, missing or out of order",
    load: async () => (await import("./verbs/status.js")).status,
  },
  {
    name: "migrate history",
    summary: "show who applied and reverted what, when, and how long it took",
    load: async () => (await import("./verbs/history.js")).history,
  },
  {
    name: "migrate check",
    summary: "for CI: models and history agree, nothing is edited, hazards are acceptable",
    load: async () => (await import("./verbs/check.js")).check,
  },
  {
    name: "migrate mark",
    summary: "repair the record: mark a migration as applied or as pending, running nothing",
    load: async () => (await import("./verbs/mark.js")).mark,
  },
  {
    name: "migrate baseline",
    summary: "adopt an existing database: its schema as the first migration, recorded as applied",
    load: async () => (await import("./verbs/baseline.js")).baseline,
  },
];

/** Promised, and not there yet. */
export const laterVerbs: readonly string[] = [
  "diagram",
  "migrate lint",
  "migrate verify",
  "migrate squash",
  "migrate merge",
];
