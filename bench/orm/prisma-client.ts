/** Prisma's client is code that its own command writes. */

import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

/** Writes it to .cache/prisma. @throws Error where Prisma isn't installed, or refuses. */
export function generatePrismaClient(): void {
  const command = createRequire(import.meta.url).resolve("prisma/build/index.js");
  execFileSync(process.execPath, [command, "generate", "--schema", "orm/schema.prisma"], {
    cwd: fileURLToPath(new URL("..", import.meta.url)),
    stdio: ["ignore", "ignore", "inherit"],
    env: {
      ...process.env,
      CHECKPOINT_DISABLE: "1",
      // It would download a native engine, which migrations use and generating doesn't. That one is named is enough.
      PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
    },
  });
}
