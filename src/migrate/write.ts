/** Writes migration files. */

import { randomBytes } from "node:crypto";
import { constants, copyFile, link, mkdir, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { AthanorError } from "../errors.js";
import { isMigrationId } from "./id.js";
import { splitStatements } from "./statements.js";
import { writeFailed } from "./write-failure.js";

/** A step to write: what the planner gives fits. */
export interface PlannedStep {
  readonly sql: string;
  /** What it does, as a comment above it. */
  readonly sentence: string;
  /** False where PostgreSQL refuses it inside a transaction. */
  readonly transactional: boolean;
  /** It is about what all databases of the server share. */
  readonly ofServer?: true;
}

export interface NewMigration {
  /** From `newMigrationId`. */
  readonly id: string;
  readonly parent: string | null;
  readonly description: string;
  readonly up: readonly PlannedStep[];
  readonly down: readonly PlannedStep[] | { readonly irreversible: string };
}

/** `ts`: a module. `sql`: a pair of `.up.sql` and `.down.sql`. */
export type MigrationFormat = "ts" | "sql";

/**
 * Writes a migration into a folder, which is made where it is missing. A file appears whole or not at all.
 *
 * @returns the paths of what was written.
 * @throws AthanorError `migration.exists` where a file of that name is there already, `migration.invalid` for an id that
 * is none, or for a step that can't be told apart from its neighbours in an SQL file, `file.write_failed`.
 */
export async function writeMigration(
  dir: string,
  migration: NewMigration,
  format: MigrationFormat = "ts",
): Promise<readonly string[]> {
  if (!isMigrationId(migration.id))
    throw new AthanorError(
      "migration.invalid",
      `${JSON.stringify(migration.id)} is no id of a migration; it has to be like 20261122101500_create_users.`,
    );
  const files = Object.entries(renderMigration(migration, format));
  await mkdir(dir, { recursive: true }).catch((cause: unknown) => {
    throw writeFailed(dir, cause, "No migration was written.");
  });
  const written: string[] = [];
  try {
    for (const [name, text] of files) written.push(await writeNew(dir, name, text));
  } catch (error) {
    // Half a pair is no migration.
    for (const file of written) await unlink(file).catch(() => {});
    throw error;
  }
  return written;
}

/** The texts that `writeMigration` writes, by the files' names. */
export function renderMigration(migration: NewMigration, format: MigrationFormat = "ts"): Record<string, string> {
  const { id } = migration;
  // The way up comes last: with it the migration is there.
  return format === "ts"
    ? { [`${id}.ts`]: renderModule(migration) }
    : { [`${id}.down.sql`]: renderDown(migration), [`${id}.up.sql`]: renderUp(migration) };
}

async function writeNew(dir: string, name: string, text: string): Promise<string> {
  const file = join(dir, name);
  const draft = join(dir, `.${randomBytes(6).toString("hex")}.tmp`);
  try {
    await writeFile(draft, text, { flag: "wx" });
    // A link to a name that is taken fails, where a rename would replace it. Some file systems know no links.
    await link(draft, file).catch((error: unknown) => {
      if (codeOf(error) === "EEXIST") throw error;
      return copyFile(draft, file, constants.COPYFILE_EXCL);
    });
    return file;
  } catch (cause) {
    if (codeOf(cause) !== "EEXIST") throw writeFailed(file, cause, "No migration was written.");
    throw new AthanorError(
      "migration.exists",
      `${file} exists already and was left as it is. Choose another name for the migration.`,
      { cause },
    );
  } finally {
    await unlink(draft).catch(() => {});
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}

function renderModule({ parent, description, up, down }: NewMigration): string {
  const steps = Array.isArray(down) ? [...up, ...down] : up;
  const names = [
    ...("irreversible" in down ? ["irreversible"] : []),
    "migration",
    ...(steps.some(({ ofServer }) => ofServer) ? ["onServer"] : []),
    ...(steps.some(({ transactional }) => !transactional) ? ["outsideTransaction"] : []),
    ...(steps.length > 0 ? ["sql"] : []),
  ];
  return `import { ${names.join(", ")} } from "athanor";

${jsDoc(description)}export default migration({
  parent: ${JSON.stringify(parent)},
  up: ${renderSteps(up)},
  down: ${"irreversible" in down ? `irreversible(${JSON.stringify(down.irreversible)})` : renderSteps(down)},
});
`;
}

function jsDoc(description: string): string {
  const lines = description
    .trim()
    .replaceAll("*/", "*\\/")
    .split(/\r\n?|[\n\u2028\u2029]/);
  if (lines.length === 1) return lines[0] === "" ? "" : `/** ${lines[0]} */\n`;
  return `/**\n${lines.map((line) => ` * ${line}`.trimEnd()).join("\n")}\n */\n`;
}

function renderSteps(steps: readonly PlannedStep[]): string {
  if (steps.length === 0) return "[]";
  return `[\n${steps.map(renderStep).join("")}  ]`;
}

function renderStep({ sql, sentence, transactional, ofServer }: PlannedStep): string {
  const literal = `sql\`${sql.replace(/[\\`]|\$(?=\{)/g, "\\$&").replaceAll("\r", "\\r")}\``;
  const comment = oneLine(sentence);
  return `${comment && `    // ${comment}\n`}    ${ofServer ? `onServer(${literal})` : transactional ? literal : `outsideTransaction(${literal})`},\n`;
}

function oneLine(text: string): string {
  return text.replace(/[\s\u2028\u2029]+/g, " ").trim();
}

/** The line in an SQL file that takes the statement behind it out of the transaction. */
export const outsideMark = "outside transaction";
/** The line in an SQL file that says that the statement behind it is about the server. */
export const serverMark = "on the server";
/** The line of an SQL file with the reason why there is no way back. */
export const irreversibleMark = "irreversible:";
export const parentMark = "parent:";

function renderUp({ id, parent, description, up }: NewMigration): string {
  const words = description.trim().split(/\r\n?|[\n\u2028\u2029]/);
  const head = words.filter(Boolean).map((line) => `-- ${line}\n`);
  return `${head.join("")}-- ${parentMark} ${parent ?? "none"}\n${renderStatements(id, up)}`;
}

function renderDown({ id, down }: NewMigration): string {
  if ("irreversible" in down) return `-- ${irreversibleMark} ${oneLine(down.irreversible)}\n`;
  return renderStatements(id, down).trimStart();
}

function renderStatements(id: string, steps: readonly PlannedStep[]): string {
  return steps.map((step) => renderStatement(id, step)).join("");
}

function renderStatement(id: string, { sql, sentence, transactional, ofServer }: PlannedStep): string {
  const text = sql.trim().replace(/;$/, "");
  if (splitStatements(text).length > 1)
    throw new AthanorError(
      "migration.invalid",
      `A step of ${id} holds more than one statement (${oneLine(sentence)}); make each a step of its own.`,
    );
  const comment = oneLine(sentence);
  const mark = ofServer ? `-- ${serverMark}\n` : transactional ? "" : `-- ${outsideMark}\n`;
  // A comment at the end would swallow the semicolon.
  return `\n${mark}${comment && `-- ${comment}\n`}${text}${/--[^\n]*$/.test(text) ? "\n" : ""};\n`;
}
