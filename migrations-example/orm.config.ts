import { defineConfig } from "athanor";

export default defineConfig({
  // PostgreSQL in this process, its data in a folder. A server's would be postgres://….
  url: "pglite:.orm/data",
  models: "models/*.ts",
  migrations: "migrations",
});
