/**
 * Many TypeScript files as one module. Node resolves and loads each file of an import graph through tsx's hooks in another
 * thread, which for 1,000 models takes three times as long as esbuild takes to read, compile and join them.
 */

import { readFile } from "node:fs/promises";
import { isBuiltin } from "node:module";
import { pathToFileURL } from "node:url";
import type { OnResolveArgs, OnResolveResult, Plugin, PluginBuild } from "esbuild";
import { isTypeScript } from "./modules.js";

/** What tells a module where it lies or loads others while it runs: joined with others, it would be told wrong. */
const ownPlace = /\bimport\.meta\b|\b__dirname\b|\b__filename\b|\b__require\b|\bimport\(|\brequire\(/;

/** A scheme of two letters at least: `C:\models` is a path. */
const isUrl = /^[a-z][a-z0-9+.-]+:/i;

/**
 * The namespaces of the files, in their order, imported through one module. TypeScript among them is compiled and joined
 * in memory, nothing is written to disk; packages stay outside and come from where the file that names them finds them.
 *
 * @param files absolute paths.
 * @throws what a file throws that can't be compiled, can't be joined or fails when it runs: import them one by one then.
 */
export async function importTogether(files: readonly string[]): Promise<readonly object[]> {
  const text = files.some(isTypeScript)
    ? await bundle(importing(files))
    : importing(files.map((file) => pathToFileURL(file).href));
  const module: { readonly default: readonly object[] } = await import(
    `data:text/javascript;base64,${Buffer.from(text).toString("base64")}`
  );
  return module.default;
}

/** A module that imports them all and exports the list of their namespaces. */
function importing(specifiers: readonly string[]): string {
  const lines = specifiers.map((specifier, i) => `import * as m${i} from ${JSON.stringify(specifier)};`);
  return `${lines.join("")}export default [${specifiers.map((_, i) => `m${i}`).join()}];`;
}

async function bundle(entry: string): Promise<string> {
  const text = await joined(entry, [packagesOutside]);
  if (!ownPlace.test(text)) return text;
  // To look into each file takes longer than to let esbuild read it, so that is done only where it helps.
  const placed = text.includes(place) ? await joined(entry, [packagesOutside, ownUrls]) : text;
  if (ownPlace.test(placed)) throw new Error("A module asks where it lies, and would be told wrong.");
  return placed;
}

async function joined(entry: string, plugins: Plugin[]): Promise<string> {
  const { build } = await import("esbuild");
  const { outputFiles } = await build({
    stdin: { contents: entry, resolveDir: "/" },
    bundle: true,
    write: false,
    format: "esm",
    platform: "node",
    target: `node${process.versions.node}`,
    // A model's table is named after its class.
    keepNames: true,
    // Without any, esbuild adds `module`, which Node does not know.
    conditions: ["node-addons"],
    logLevel: "silent",
    plugins,
  });
  return outputFiles.map((file) => file.text).join("");
}

const place = "import.meta.url";

/** Each file's own URL where it asks for that, as for an SQL file that lies beside it. */
const ownUrls: Plugin = {
  name: "own-urls",
  setup(build) {
    build.onLoad({ filter: /\.[cm]?[jt]s$/, namespace: "file" }, async ({ path }) => {
      const text = await readFile(path, "utf8");
      if (!text.includes(place)) return undefined;
      const url = JSON.stringify(pathToFileURL(path).href);
      return { contents: text.replaceAll(place, () => url), loader: isTypeScript(path) ? "ts" : "js" };
    });
  },
};

/** The namespace of modules that stand in the bundle for what stays outside. */
const outside = "outside";

/**
 * One module of the bundle imports a package, and all others import from that: V8 looks through a module's imports one by
 * one whenever it compiles a function that names one, and 10,000 files would have as many imports of the same.
 */
const packagesOutside: Plugin = {
  name: "packages-outside",
  setup(build) {
    const resolved = new Map<string, Promise<OnResolveResult>>();
    // Neither relative nor absolute: a package, or what tsconfig.json's paths make of it.
    build.onResolve({ filter: /^[^./]/ }, (args) => {
      if (args.pluginData === packagesOutside || args.kind === "entry-point") return undefined;
      if (args.namespace === outside) return { path: args.path, external: true };
      if (isBuiltin(args.path) || isUrl.test(args.path)) return { path: args.path, namespace: outside };
      const key = `${args.resolveDir}\0${args.path}`;
      const known = resolved.get(key) ?? resolve(build, args);
      resolved.set(key, known);
      return known;
    });
    build.onLoad({ filter: /.*/, namespace: outside }, async ({ path }) => ({ contents: await standIn(path) }));
  },
};

async function resolve(build: PluginBuild, args: OnResolveArgs): Promise<OnResolveResult> {
  const { path, errors } = await build.resolve(args.path, {
    kind: args.kind,
    importer: args.importer,
    resolveDir: args.resolveDir,
    // Marks our own question.
    pluginData: packagesOutside,
  });
  if (errors.length > 0) return { errors };
  return isTypeScript(path) ? { path } : { path: pathToFileURL(path).href, namespace: outside };
}

/** A module with the exports of another. That one is run for them, as it would be before any that import it. */
async function standIn(url: string): Promise<string> {
  const exported: object = await import(url);
  const names = Object.keys(exported).filter((name) => /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name));
  return `export { ${names.join(", ")} } from ${JSON.stringify(url)};`;
}
