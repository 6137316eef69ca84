import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, test } from "node:test";
import { promisify } from "node:util";
import { ensureBuilt, projectRoot } from "../support/project.js";

/**
 * What a large schema costs the compiler, counted in type instantiations: 400 models of 12 columns that lead to each other,
 * and for each of them the statements that an application writes. A count, since a time would be the machine's.
 */
const models = 400;
/** Measured: 3,170 for each model with its five statements. */
const instantiationsPerModel = 4_000;

ensureBuilt();
// Inside the package, so that "athanor" means the built one.
mkdirSync(path.join(projectRoot, ".cache"), { recursive: true });
const folder = mkdtempSync(path.join(projectRoot, ".cache/budget-"));
after(() => rmSync(folder, { recursive: true, force: true }));

test("400 models and 2,000 statements stay within the budget of type instantiations", async () => {
  for (const file of ["models", "queries"] as const) writeFileSync(path.join(folder, `${file}.ts`), sources[file]());
  const config = path.join(folder, "tsconfig.json");
  const compilerOptions = { skipLibCheck: true, types: ["node"] };
  const extended = path.join(projectRoot, "test/types/tsconfig.json");
  writeFileSync(config, JSON.stringify({ extends: extended, compilerOptions, include: ["*.ts"] }));
  const compiler = path.join(projectRoot, "node_modules/typescript-5.2/lib/tsc.js");
  const { stdout } = await promisify(execFile)(process.execPath, [
    compiler,
    "--project",
    config,
    "--extendedDiagnostics",
  ]).catch((error: { stdout: string }) => ({ stdout: error.stdout }));
  assert.doesNotMatch(stdout, /error TS/);
  const instantiations = Number(/^Instantiations:\s+(\d+)/m.exec(stdout)?.[1]);
  assert.ok(instantiations > 0, stdout);
  const budget = models * instantiationsPerModel;
  assert.ok(instantiations < budget, `${instantiations} type instantiations, of ${budget} at most`);
});

const numbers = Array.from({ length: models }, (_, i) => i);
const parentOf = (i: number) => Math.floor(i / 2);

const sources = {
  models: () =>
    [
      'import { bigint, boolean, declarativeBase, integer, jsonb, many, maybeOne, numeric, pgEnum, sql, text, timestamptz, varchar } from "athanor";',
      'const state = pgEnum("state", ["new", "open", "closed"]);',
      "const Base = declarativeBase({ columns: { id: bigint().primaryKey().identity(), createdAt: timestamptz().serverDefault(sql`now()`) } });",
      ...numbers.map(
        (i) => `export class M${i} extends Base.model({
  code: text().unique(), label${i}: varchar(120), note: text().nullable(), amount: numeric(12, 2).serverDefault(sql\`0\`),
  quantity: integer().default(1), active: boolean().default(true), state: state().default("new"),
  payload: jsonb<{ n: number }>().nullable(), updatedAt: timestamptz().nullable(), parentId: bigint().nullable().references("m${parentOf(i)}.id"),
}, {
  get parent() { return maybeOne(M${parentOf(i)}); },
  get children() { return many(M${Math.min(models - 1, i * 2 + 1)}); },
}) {}`,
      ),
    ].join("\n"),
  queries: () =>
    [
      'import { func, insert, remove, select, type Session, update } from "athanor";',
      `import { ${numbers.map((i) => `M${i}`).join(", ")} } from "./models.js";`,
      // The first model leads to itself, and would need an alias.
      ...numbers.slice(1).map(
        (i) => `export async function q${i}(session: Session) {
  const [first] = (await session.execute(select(M${i}, M${parentOf(i)}.code).leftJoin(M${i}.parent).where(M${i}.label${i}.like("x%"), M${i}.quantity.gt(1)).orderBy(M${i}.createdAt.desc()).limit(10))).all();
  await session.execute(insert(M${i}).values({ code: "x", label${i}: "y" }).returning(M${i}.id));
  await session.execute(update(M${i}).set({ note: null }).where(M${i}.id.in([1n])));
  await session.execute(remove(M${i}).where(M${i}.children.any()));
  const [n] = (await session.execute(select(M${i}.state, func.count()).groupBy(M${i}.state))).all();
  return [first?.[0].parent?.code, first?.[1], n?.[1]];
}`,
      ),
    ].join("\n"),
};
