/** What of an index can be changed in place, whether it stands alone or under a constraint. */

import { quoteIdentifier, quotePath } from "../sql/identifier.js";
import type { Statement } from "./kind.js";
import { alterTable, parameterChanges } from "./statements.js";

export interface IndexSettings {
  readonly storageParameters?: Readonly<Record<string, string>>;
  readonly tablespace?: string;
  /** The index that CLUSTER follows. */
  readonly clustered?: true;
  /** Statistics targets of expression elements, by position from 1. */
  readonly statistics?: Readonly<Record<string, number>>;
}

/** A tablespace's name as SQL, NULL for the database's own. */
export function tablespaceName(oid: string): string {
  return `(SELECT spcname FROM pg_tablespace WHERE oid = ${oid})`;
}

/** Statements that turn one set of settings into another; `path` is the table's and then the index's name. */
export function indexSettingChanges(path: readonly string[], from: IndexSettings, to: IndexSettings): Statement[] {
  const [schema = "", , name = ""] = path;
  const index = `ALTER INDEX ${quotePath([schema, name])}`;
  const positions = Object.keys({ ...from.statistics, ...to.statistics });
  return [
    ...parameterChanges(from.storageParameters, to.storageParameters).map((change) => `${index} ${change}`),
    ...(from.tablespace === to.tablespace
      ? []
      : [`${index} SET TABLESPACE ${quoteIdentifier(to.tablespace ?? "pg_default")}`]),
    ...positions
      .filter((position) => from.statistics?.[position] !== to.statistics?.[position])
      .map((position) => `${index} ALTER COLUMN ${position} SET STATISTICS ${to.statistics?.[position] ?? -1}`),
    ...(from.clustered === to.clustered
      ? []
      : [alterTable(path, to.clustered ? `CLUSTER ON ${quoteIdentifier(name)}` : "SET WITHOUT CLUSTER")]),
  ].map((sql) => ({ sql }));
}
