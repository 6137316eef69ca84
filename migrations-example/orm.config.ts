import { defineConfig } from "athanor";

export default defineConfig({
  // No url: the embedded database in .orm/data, unless DATABASE_URL or --url says another.
  models: "models/*.ts",
  migrations: "migrations",
});
