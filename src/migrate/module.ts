/** Runs the modules of migrations. */

import { createHash } from "node:crypto";
import { pathToFileURL } from "node:url";
import { AthanorError } from "../errors.js";
import { lineIn, withTypeScript } from "../modules.js";
import type { Sql } from "../sql/sql.js";
import { isMigration, type Migration, type MigrationStep } from "./migration.js";

/** Runs modules and gives what they export as default, each checked to be a migration. */
export async function loadModules(
  sources: readonly { readonly path: string; readonly text: string }[],
): Promise<readonly Migration[]> {
  return withTypeScript(
    sources.map(({ path }) => path),
    async () => {
      // All at once, for tsx compiles in another thread; the error of the first that fails, whichever ends first.
      const imports = await Promise.allSettled(sources.map(({ path, text }) => importMigration(path, text)));
      return imports.map((each) => {
        if (each.status === "rejected") throw each.reason;
        return each.value;
      });
    },
  );
}

async function importMigration(path: string, text: string): Promise<Migration> {
  const exported = await importDefault(path, text);
  const problem = problemOf(exported);
  if (problem === null && isMigration(exported)) return exported;
  throw invalidMigration(path, problem ?? "it was not made by migration()");
}

async function importDefault(path: string, text: string): Promise<unknown> {
  const version = createHash("sha256").update(text).digest("hex").slice(0, 12);
  try {
    // Node keeps modules by their address: with its text in it, an edited file is another module.
    const module: unknown = await import(`${pathToFileURL(path).href}?${version}`);
    const exported = defaultOf(module);
    // A CommonJS module is the default of its own import.
    return isMigration(exported) ? exported : (defaultOf(exported) ?? exported);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new AthanorError("migration.invalid", `${path}${lineIn(path, cause)} can't be loaded: ${message}`, { cause });
  }
}

function defaultOf(value: unknown): unknown {
  return typeof value === "object" && value !== null && "default" in value ? value.default : undefined;
}

/** What keeps an export from being a migration; null: nothing. Modules are not checked by types when they are run. */
function problemOf(value: unknown): string | null {
  if (value === undefined) return "it has no default export; write export default migration({ … })";
  if (!isMigration(value))
    return "its default export was not made by migration(); write export default migration({ … })";
  const { parent, up, down }: Readonly<Record<"parent" | "up" | "down", unknown>> = value;
  if (parent !== null && typeof parent !== "string")
    return "its parent has to be a migration's id, or null for the first";
  return stepsProblem("up", up) ?? (isIrreversible(down) ? null : stepsProblem("down", down));
}

function stepsProblem(direction: string, steps: unknown): string | null {
  if (!Array.isArray(steps)) return `its ${direction} has to be a list of steps`;
  const wrong = steps.findIndex((step: unknown) => !isStep(step));
  if (wrong === -1) return null;
  return `step ${wrong + 1} of its ${direction} is neither sql\`…\`, outsideTransaction(sql\`…\`), onServer(sql\`…\`) nor a function`;
}

function isStep(step: unknown): step is MigrationStep {
  if (typeof step === "function" || isSql(step)) return true;
  const kind = kindOf(step);
  return (kind === "outside" || kind === "server") && isSql(Reflect.get(Object(step), "statement"));
}

function isSql(value: unknown): value is Sql {
  return kindOf(value) === "sql";
}

function isIrreversible(value: unknown): boolean {
  return kindOf(value) === "irreversible";
}

function kindOf(value: unknown): unknown {
  return typeof value === "object" && value !== null && "kind" in value ? value.kind : undefined;
}

/** A file that was read and is no migration, with what is wrong with it. */
export function invalidMigration(path: string, problem: string): AthanorError {
  return new AthanorError("migration.invalid", `${path} is no migration that can be run: ${problem}.`);
}
