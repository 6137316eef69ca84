/** The files that a project begins with. What is there already stays as it is. */

import { existsSync } from "node:fs";
import { appendFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { writeFailed } from "../../migrate/write-failure.js";
import { configNames } from "../config-file.js";

export interface ProjectAnswers {
  /** Absent: the embedded database. */
  readonly url?: string | undefined;
  /** Relative to the project's folder. */
  readonly migrations: string;
}

/** Absolute paths. */
export interface WrittenFiles {
  readonly created: readonly string[];
  readonly kept: readonly string[];
}

export async function writeProject(folder: string, answers: ProjectAnswers): Promise<WrittenFiles> {
  const root = resolve(folder);
  const created: string[] = [];
  const kept: string[] = [];
  const write = async (name: string, text: string) => {
    const path = join(root, name);
    if (existsSync(path)) return void kept.push(path);
    try {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, text);
    } catch (cause) {
      // Half a file would be kept as it is by the next run.
      await rm(path, { force: true }).catch(() => {});
      throw writeFailed(path, cause, `${created.length === 0 ? "Nothing" : created.join(", ")} was written.`);
    }
    created.push(path);
  };
  const config = configNames.find((name) => existsSync(join(root, name)));
  await write(config ?? "orm.config.ts", configSource(answers));
  await write("models/base.ts", baseSource);
  await write("models/note.ts", noteSource);
  const migrations = resolve(root, answers.migrations);
  (existsSync(migrations) ? kept : created).push(migrations);
  await mkdir(migrations, { recursive: true });
  const ignore = join(root, ".gitignore");
  ((await ignoreData(ignore)) ? created : kept).push(ignore);
  return { created, kept };
}

/** Whether a line had to be added to the file. */
async function ignoreData(path: string): Promise<boolean> {
  const text = existsSync(path) ? await readFile(path, "utf8") : "";
  if (/^\/?\.orm\/?$/m.test(text)) return false;
  await appendFile(path, `${text === "" || text.endsWith("\n") ? "" : "\n"}.orm/\n`);
  return true;
}

/** Whether a URL holds what should not be committed. */
export function holdsPassword(url: string): boolean {
  return /^\w+:\/\/[^/?#]*:[^/?#]*@|[?&]password=/.test(url);
}

function configSource({ url, migrations }: ProjectAnswers): string {
  const settings = [
    ...(url === undefined
      ? ["// No url: the embedded database in .orm/data, unless DATABASE_URL or --url says another."]
      : holdsPassword(url)
        ? ["// The URL has a password, so it belongs in DATABASE_URL, not in here."]
        : [`url: ${JSON.stringify(url)},`]),
    'models: "models/**/*.ts",',
    `migrations: ${JSON.stringify(migrations)},`,
  ];
  return `import { defineConfig } from "athanor";

export default defineConfig({
${settings.map((line) => `  ${line}\n`).join("")}});
`;
}

const baseSource = `import { declarativeBase, integer, sql, timestamptz } from "athanor";

/** What every model has. */
export const Base = declarativeBase({
  columns: {
    id: integer().primaryKey().identity(),
    createdAt: timestamptz().serverDefault(sql\`now()\`),
  },
  tablename: (className) => \`\${className.toLowerCase()}s\`,
});
`;

const noteSource = `import { boolean, sql, text } from "athanor";
import { Base } from "./base.js";

export class Note extends Base.model({
  title: text(),
  body: text().nullable(),
  done: boolean().serverDefault(sql\`false\`),
}) {}
`;
