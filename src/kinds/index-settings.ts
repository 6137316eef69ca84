/** What of an index can be changed in place, whether it stands alone or under a constraint. */

import { type CatalogObject, sameData } from "../catalog/catalog.js";
import { quoteIdentifier, quotePath } from "../sql/identifier.js";
import type { Alteration, Statement } from "./kind.js";
import { settingsCode, stringCode } from "./source.js";
import { alterTable, compact, optionsObject, parameterChanges } from "./statements.js";

export interface IndexSettings {
  readonly storageParameters?: Readonly<Record<string, string>>;
  readonly tablespace?: string;
  /** The index that CLUSTER follows. */
  readonly clustered?: true;
  /** Statistics targets of expression elements, by position from 1. */
  readonly statistics?: Readonly<Record<string, number>>;
}

/** Those of an index under a constraint. */
export type ConstraintIndexSettings = Omit<IndexSettings, "statistics">;

/** The fields that every index has, as SQL over its `pg_class` named `ic` and its `pg_index` named `i`. */
export const indexSettingFields: Readonly<Record<string, string>> = {
  storageParameters: `CASE WHEN ic.reloptions IS NOT NULL THEN ${optionsObject("ic.reloptions")} END`,
  tablespace: "(SELECT spcname FROM pg_tablespace WHERE oid = ic.reltablespace)",
  clustered: "CASE WHEN i.indisclustered THEN true END",
};

/** Settings change in place; nothing else of an index does. */
export function indexAlteration(from: CatalogObject<IndexSettings>, to: CatalogObject<IndexSettings>): Alteration {
  if (!sameData(withoutSettings(from.definition), withoutSettings(to.definition))) return { op: "replace" };
  return { op: "statements", statements: indexSettingChanges(to.path, from.definition, to.definition) };
}

/** What CREATE INDEX and ADD CONSTRAINT don't take. */
export function lateIndexSettings(path: readonly string[], { clustered, statistics }: IndexSettings): Statement[] {
  const late = compact<IndexSettings>({ clustered, statistics, storageParameters: null, tablespace: null });
  return indexSettingChanges(path, {}, late);
}

/** `.with({ fillfactor: "70" }).clustered()`, as models say it. */
export function indexSettingsCode({ storageParameters, tablespace, clustered, statistics }: IndexSettings): string {
  const targets = Object.entries(statistics ?? {}).map(([position, target]) => `${position}: ${target}`);
  return [
    ...(storageParameters === undefined ? [] : [`.with(${settingsCode(storageParameters)})`]),
    ...(tablespace === undefined ? [] : [`.tablespace(${stringCode(tablespace)})`]),
    ...(clustered ? [".clustered()"] : []),
    ...(targets.length === 0 ? [] : [`.statistics({ ${targets.join(", ")} })`]),
  ].join("");
}

/** What only one index of a table can be. */
export function clusterSlots({ path, definition }: CatalogObject<IndexSettings>): readonly string[] {
  return definition.clustered ? [`cluster ${JSON.stringify(path.slice(0, 2))}`] : [];
}

/** What of an index has no ALTER. */
export function withoutSettings<Definition extends IndexSettings>(
  definition: Definition,
): Omit<Definition, keyof IndexSettings> {
  const { storageParameters: _a, tablespace: _b, clustered: _c, statistics: _d, ...rest } = definition;
  return rest;
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
