/**
 * Makes the code of `dist/`: what is used together joined into one file, since Node takes a quarter of a millisecond to find
 * and load each of three hundred modules. What is imported lazily stays apart. The declarations are the compiler's.
 */

import { rmSync } from "node:fs";
import { build } from "esbuild";

rmSync("dist", { recursive: true, force: true });
await build({
  entryPoints: ["src/index.ts", "src/cli/main.ts"],
  outbase: "src",
  outdir: "dist",
  chunkNames: "chunks/[name]-[hash]",
  bundle: true,
  splitting: true,
  packages: "external",
  format: "esm",
  platform: "node",
  target: "node20",
  logLevel: "warning",
});
