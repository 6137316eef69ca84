/** Generated models, written where the project's own sources can be imported, type-checked and loaded. */

import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { projectRoot } from "./project.js";

/** A folder of generated models per name, gone with `dispose`. */
export class GeneratedFolder implements Disposable {
  readonly root: string;
  /** What the models import the library from. */
  readonly package = "../../../src/index.js";

  constructor(name: string) {
    this.root = path.join(projectRoot, ".cache", `generated-${name}-${process.pid}`);
    mkdirSync(this.root, { recursive: true });
    const config = { extends: "../../tsconfig.json", include: ["**/*.ts"], exclude: [] };
    writeFileSync(path.join(this.root, "tsconfig.json"), JSON.stringify(config));
  }

  /** Writes one set of models, and gives its folder. */
  write(name: string, files: ReadonlyMap<string, string>): string {
    const folder = path.join(this.root, name);
    mkdirSync(folder, { recursive: true });
    for (const [file, source] of files) writeFileSync(path.join(folder, file), source);
    return folder;
  }

  /** What the compiler says of everything written, at its strictest; "" where it is content. */
  typeErrors(): string {
    const compiler = path.join(projectRoot, "node_modules/typescript/bin/tsc");
    try {
      execFileSync(process.execPath, [compiler, "-p", this.root], {
        encoding: "utf8",
        stdio: ["ignore", "pipe", "pipe"],
      });
      return "";
    } catch (error) {
      // What execFileSync throws carries the output.
      return String((error as { stdout?: unknown }).stdout ?? error);
    }
  }

  [Symbol.dispose](): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
