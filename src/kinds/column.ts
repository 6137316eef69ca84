/** Columns: type, nullability, identity, generation and storage. Defaults are a kind of their own. */

import { type CatalogObject, objectId, sameData } from "../catalog/catalog.js";
import type { ColumnDeclaration } from "../model/declarations.js";
import { derivedName, displayName, quoteIdentifier, quotePath } from "../sql/identifier.js";
import { columnAlteration } from "./column-alter.js";
import { columnsHandedOver, dropColumn, sameNameColumns } from "./column-lineage.js";
import { isNullDefault } from "./default.js";
import { ancestorsOf, heirsOf } from "./family.js";
import { fillValue, refusesNull } from "./fill.js";
import { textsCode } from "./foreign.js";
import type { Kind, Statement } from "./kind.js";
import { nameLikeness } from "./likeness.js";
import { optionsClause, optionsField } from "./plain/options.js";
import { columnLabelCall } from "./security-label.js";
import {
  isSerial,
  type SequenceSettings,
  sequenceClauses,
  sequenceSettingCodes,
  sequenceSettingFields,
  sequenceSettings,
  serials,
} from "./sequence.js";
import {
  callCode,
  objectCode,
  qualifiedCode,
  type SourceContext,
  settingsCode,
  sqlCode,
  stringCode,
} from "./source.js";
import { alterTable, collationName, compact, jsonObject, optionsObject, storageParameterList } from "./statements.js";
import { isUserType, relationSlot, typeFamily } from "./type.js";

export interface IdentityDefinition extends SequenceSettings {
  readonly generation: "always" | "by default";
  /** The sequence's path; absent in a declaration that leaves it to PostgreSQL. */
  readonly sequence?: readonly string[];
}

/** How a column's values are kept and looked at, of a table or a materialized view. */
export interface ColumnSettings {
  readonly storage?: "plain" | "external" | "extended" | "main";
  readonly compression?: "pglz" | "lz4";
  readonly statistics?: number;
  readonly options?: Readonly<Record<string, string>>;
}

export interface ColumnDefinition extends ColumnSettings {
  readonly type: string;
  readonly notNull?: true;
  readonly generated?: { readonly expression: string; readonly storage: "stored" | "virtual" };
  readonly identity?: IdentityDefinition;
  /** Of a foreign table: what its server takes. */
  readonly foreignOptions?: Readonly<Record<string, string>>;
  readonly collation?: string;
}

/** The collation and the settings as SQL, over `pg_attribute a` and its `pg_type t`. */
export const columnSettingFields: Readonly<Record<string, string>> = {
  collation: `CASE WHEN a.attcollation <> t.typcollation THEN ${collationName("a.attcollation")} END`,
  storage: `CASE WHEN a.attstorage <> t.typstorage
          THEN CASE a.attstorage WHEN 'p' THEN 'plain' WHEN 'e' THEN 'external' WHEN 'm' THEN 'main' ELSE 'extended' END END`,
  compression: "CASE a.attcompression WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' END",
  statistics: "nullif(a.attstattarget, -1)",
  options: `CASE WHEN a.attoptions IS NOT NULL THEN ${optionsObject("a.attoptions")} END`,
};

export const columnKind: Kind<ColumnDefinition> = {
  name: "column",
  parent: "table",
  retypes: true,

  query: () => `
    SELECT 'pg_class'::regclass::oid, a.attrelid, a.attnum::int, NULL::text, json_build_array(c.nspname, c.relname, a.attname),
      d.description,
      ${jsonObject({
        type: "format_type(a.atttypid, a.atttypmod)",
        notNull: "CASE WHEN a.attnotnull THEN true END",
        generated: `CASE WHEN a.attgenerated <> '' THEN (SELECT json_build_object('expression', pg_get_expr(g.adbin, g.adrelid),
          'storage', CASE a.attgenerated WHEN 's' THEN 'stored' ELSE 'virtual' END)
          FROM pg_attrdef g WHERE g.adrelid = a.attrelid AND g.adnum = a.attnum) END`,
        identity: `CASE WHEN a.attidentity <> '' THEN ${jsonObject({
          generation: "CASE a.attidentity WHEN 'a' THEN 'always' ELSE 'by default' END",
          sequence: "json_build_array(sn.nspname, sc.relname)",
          ...sequenceSettingFields,
        })} END`,
        ...columnSettingFields,
        foreignOptions: optionsField("a.attfdwoptions"),
      })}
    FROM managed_table c JOIN pg_attribute a ON a.attrelid = c.oid JOIN pg_type t ON t.oid = a.atttypid
      LEFT JOIN pg_description d ON d.objoid = a.attrelid AND d.classoid = 'pg_class'::regclass AND d.objsubid = a.attnum
      LEFT JOIN identity_sequence i ON i.refobjid = a.attrelid AND i.refobjsubid = a.attnum
      LEFT JOIN pg_sequence s ON s.seqrelid = i.objid LEFT JOIN pg_class sc ON sc.oid = i.objid
      LEFT JOIN pg_namespace sn ON sn.oid = sc.relnamespace
    WHERE a.attnum > 0 AND NOT a.attisdropped AND a.attinhcount = 0 AND c.reloftype = 0`,

  *declare({ tables }) {
    for (const { schema, name: table, columns } of tables)
      for (const column of columns)
        yield {
          path: [schema, table, column.name],
          comment: column.comment,
          definition: columnDefinition(schema, column),
        };
  },

  inline: (object, children) => ({ sql: columnSql(object, children), after: settings(object) }),

  create(object, context, children) {
    const { path, definition } = object;
    const refuses = definition.notNull || refusesNull(definition.type, context.to);
    const hasValue = children.length > 0 && !isNullDefault(context.to.objects.get(objectId("default", path)));
    const needsValue = refuses && !definition.generated && !definition.identity && !hasValue;
    const fill = needsValue && context.isWayBack ? fillValue(definition.type, context.to) : null;
    const add = alterTable(path, `ADD COLUMN ${columnSql(object, fill === null ? children : [`DEFAULT ${fill}`])}`);
    const name = quoteIdentifier(path[2] ?? "");
    if (fill !== null)
      return [
        {
          sql: add,
          // A domain's checks may refuse what is filled in.
          hazards: isUserType(definition.type) ? ["may-fail"] : [],
          sentence: `add column ${displayName(path)}; its values are gone, so rows that stand take ${fill}`,
        },
        // Its own default gives rows nothing: DEFAULT NULL, or none.
        {
          sql: alterTable(
            path,
            `ALTER COLUMN ${name} ${children.length > 0 ? `SET ${children.join(" ")}` : "DROP DEFAULT"}`,
          ),
        },
        ...settings(object),
      ];
    const mayFail = needsValue || (refuses && definition.generated);
    return [{ sql: add, hazards: mayFail ? ["may-fail"] : [] }, ...settings(object)];
  },
  handedOver: columnsHandedOver,
  createsAfter: ({ path }, { from }) =>
    sameNameColumns(
      path,
      heirsOf(from, path.slice(0, 2)).map((heir) => heir.path),
    ),
  altersAfter: ({ path }, { from }) => sameNameColumns(path, ancestorsOf(from, path)),
  drop: dropColumn,
  alter: columnAlteration,
  rename: ({ path }, name) =>
    alterTable(path, `RENAME COLUMN ${quoteIdentifier(path[2] ?? "")} TO ${quoteIdentifier(name)}`),
  // Values of another family can't be the same column's; among the rest the name counts most.
  likeness(from, to) {
    if (typeFamily(from.definition.type) !== typeFamily(to.definition.type)) return 0;
    if (Boolean(from.definition.generated) !== Boolean(to.definition.generated)) return 0;
    const names = nameLikeness(from.path[2] ?? "", to.path[2] ?? "");
    return sameData(from.definition, to.definition) ? 0.5 + names / 2 : names;
  },
  commentTarget: ({ path }) => `COLUMN ${quotePath(path)}`,
  source: (object, context) => ({ at: "column", code: () => columnCode(object, context) }),
  slots: ({ definition: { identity } }) => (identity?.sequence === undefined ? [] : [relationSlot(identity.sequence)]),
};

/** `varchar(80).nullable()`: what the column itself says, without its default and the constraints on it. */
function columnCode({ path, definition }: CatalogObject<ColumnDefinition>, context: SourceContext): string {
  const { type, notNull, generated, identity, collation } = definition;
  const calls: string[] = [];
  const call = (method: string, ...parameters: string[]) => calls.push(`.${callCode(method, ...parameters)}`);
  if (!notNull) call("nullable");
  if (identity !== undefined) call("identity", identityCode(path, identity));
  if (generated !== undefined)
    call(
      "generated",
      sqlCode(generated.expression, context),
      generated.storage === "virtual" ? "{ virtual: true }" : "",
    );
  if (collation !== undefined) call("collate", qualifiedCode(collation));
  const serial = serials[type];
  const base = serial !== undefined && isSerial(path, context) ? callCode(context.use(serial)) : context.type(type);
  const foreign = textsCode(definition.foreignOptions);
  if (foreign !== null) call("foreignOptions", foreign);
  const labels = columnLabelCall({ kind: "table", path: path.slice(0, 2) }, path[2] ?? "", context);
  return [base, ...calls, ...settingCalls(definition), labels].join("");
}

/** `.storage("main")`, `.statistics(100)`, … */
export function settingCalls({ storage, compression, statistics, options }: ColumnSettings): readonly string[] {
  return [
    ...(storage === undefined ? [] : [callCode(".storage", stringCode(storage))]),
    ...(compression === undefined ? [] : [callCode(".compression", stringCode(compression))]),
    ...(statistics === undefined ? [] : [callCode(".statistics", String(statistics))]),
    ...(options === undefined ? [] : [callCode(".options", settingsCode(options) ?? "")]),
  ];
}

function identityCode(path: readonly string[], { generation, sequence, ...settings }: IdentityDefinition): string {
  const [schema = "", table = "", name = ""] = path;
  const isUsual = sequence === undefined || sameData(sequence, [schema, derivedName(table, name, "seq")]);
  return objectCode({
    always: generation === "always" ? "true" : null,
    sequence: isUsual ? null : stringCode(sequence[1] ?? ""),
    ...sequenceSettingCodes(settings),
  });
}

/** `"email" text COLLATE "C" NOT NULL DEFAULT ''`, as in CREATE TABLE and ADD COLUMN. */
export function columnSql({ path, definition }: CatalogObject<ColumnDefinition>, inline: readonly string[]): string {
  const { type, collation, compression, generated, identity, notNull } = definition;
  const parts = [
    quoteIdentifier(path[2] ?? ""),
    type,
    ...(compression === undefined ? [] : [`COMPRESSION ${compression}`]),
    ...(definition.foreignOptions === undefined ? [] : [optionsClause(definition.foreignOptions).trimStart()]),
    ...(collation === undefined ? [] : [`COLLATE ${collation}`]),
    ...(notNull ? ["NOT NULL"] : []),
    ...inline,
    ...(generated === undefined
      ? []
      : [`GENERATED ALWAYS AS (${generated.expression}) ${generated.storage.toUpperCase()}`]),
    ...(identity === undefined ? [] : [identityClause(path, identity)]),
  ];
  return parts.join(" ");
}

/** `GENERATED BY DEFAULT AS IDENTITY (START WITH 10)`. */
export function identityClause(column: readonly string[], identity: IdentityDefinition): string {
  const [schema = "", table = "", name = ""] = column;
  const usual = [schema, derivedName(table, name, "seq")];
  const options = [
    ...(identity.sequence === undefined || sameData(identity.sequence, usual)
      ? []
      : [`SEQUENCE NAME ${quotePath(identity.sequence)}`]),
    ...sequenceClauses(identity),
  ];
  const list = options.length === 0 ? "" : ` (${options.join(" ")})`;
  return `GENERATED ${identity.generation.toUpperCase()} AS IDENTITY${list}`;
}

/** What neither CREATE TABLE nor ADD COLUMN takes on every supported version. */
export function settings({ path, definition }: CatalogObject<ColumnDefinition>): Statement[] {
  const { storage, statistics, options } = definition;
  const column = `ALTER COLUMN ${quoteIdentifier(path[2] ?? "")}`;
  return [
    ...(storage === undefined ? [] : [`${column} SET STORAGE ${storage.toUpperCase()}`]),
    ...(statistics === undefined ? [] : [`${column} SET STATISTICS ${statistics}`]),
    ...(options === undefined ? [] : [`${column} SET (${storageParameterList(options)})`]),
  ].map((action) => ({ sql: alterTable(path, action) }));
}

function columnDefinition(schema: string, column: ColumnDeclaration): ColumnDefinition {
  const { identity } = column;
  return compact<ColumnDefinition>({
    type: column.type,
    notNull: column.notNull || null,
    generated: column.generated,
    identity:
      identity === null
        ? null
        : {
            generation: identity.generation,
            ...(identity.sequence === null ? {} : { sequence: [schema, identity.sequence] }),
            ...sequenceSettings(identity.options, column.type),
          },
    collation: column.collation,
    storage: column.storage,
    compression: column.compression,
    statistics: column.statistics,
    options: column.options,
    foreignOptions: column.foreignOptions,
  });
}
