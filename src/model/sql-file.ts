import { readFileSync } from "node:fs";
import type { SqlFragment } from "../sql/fragment.js";

/**
 * SQL that lives in a file of its own: `body: sqlFile(new URL("./total.sql", import.meta.url))`. It is read when the SQL is
 * wanted, as by `orm`; an application that only runs queries never opens it.
 */
export function sqlFile(file: URL): SqlFragment {
  return Object.freeze({
    writeSql: (writer: Parameters<SqlFragment["writeSql"]>[0]) => writer.text(readFileSync(file, "utf8")),
  });
}
