export { microsecondsOf } from "../engine/types/microseconds.js";
export { Column } from "../sql/column.js";
export { Condition, Expression, type Operand } from "../sql/expression.js";
export type { SqlFragment } from "../sql/fragment.js";
export { asc, desc, Ordering, type QualifiedName } from "../sql/ordering.js";
export { type Sql, sql } from "../sql/sql.js";
export { type Base, type BaseOptions, declarativeBase } from "./base.js";
export { type ColumnCodec, codecOf } from "./codec.js";
export { jsonNull } from "./codec-json.js";
export type {
  ColumnDef,
  ColumnIndexOptions,
  Deferrable,
  IdentityOptions,
  ReferenceOptions,
  SequenceSettings,
  UniqueOptions,
} from "./column.js";
export { type Deferred, deferred } from "./column-property.js";
export {
  type Check,
  type Constraint,
  check,
  type Exclusion,
  exclude,
  type ForeignKey,
  foreignKey,
  type Key,
  primaryKey,
  unique,
} from "./constraints.js";
export { type Index, index } from "./index-builder.js";
export { inherit } from "./inherit.js";
export { type LoadedModels, type LoadOptions, loadModels } from "./load.js";
export { type ModelMetadata, metadataOf } from "./metadata.js";
export type {
  InheritedModel,
  InheritOptions,
  Init,
  ModelClass,
  ModelOptions,
  PolymorphicLoad,
} from "./model-types.js";
export {
  type CompositeValue,
  type CustomTypeOptions,
  citext,
  composite,
  customType,
  domain,
  type EnumOptions,
  pgEnum,
  rangeType,
} from "./named-types.js";
export type { NameParts, Naming, NamingKind, NamingRule } from "./naming.js";
export { extension, external, schema, sequence } from "./objects.js";
export {
  type BoundValue,
  hash,
  type InheritedColumnOptions,
  list,
  maxvalue,
  minvalue,
  type Partition,
  type PartitionBound,
  type PartitionKey,
  type PartitionOptions,
  partition,
  range,
} from "./partition.js";
export {
  type CastOptions,
  type CollationOptions,
  type ConversionOptions,
  collation,
  conversion,
  sqlCast,
} from "./plain/conversions.js";
export {
  type AccessMethodOptions,
  accessMethod,
  type LanguageOptions,
  language,
  type TransformOptions,
  transform,
} from "./plain/languages.js";
export {
  type OperatorClassOptions,
  type OperatorFamilyOptions,
  type OperatorOptions,
  operator,
  operatorClass,
  operatorFamily,
} from "./plain/operators.js";
export type { TypeName } from "./plain/plain.js";
export {
  type PublicationOptions,
  type PublishedTable,
  publication,
  type SubscriptionOptions,
  subscription,
} from "./plain/replication.js";
export {
  type ForeignDataWrapperOptions,
  type ForeignOptions,
  type ForeignServerOptions,
  foreignDataWrapper,
  foreignServer,
  type UserMappingOptions,
  userMapping,
} from "./plain/servers.js";
export {
  type TextSearchConfigurationOptions,
  type TextSearchDictionaryOptions,
  type TextSearchParserOptions,
  type TextSearchTemplateOptions,
  textSearchConfiguration,
  textSearchDictionary,
  textSearchParser,
  textSearchTemplate,
} from "./plain/text-search.js";
export { type Policy, type PolicyOptions, policy } from "./policies.js";
export { ModelError, type Problem } from "./problems.js";
export { type CollectOptions, collectDeclarations } from "./registry.js";
export {
  type AnyModel,
  type LoadStrategy,
  many,
  maybeOne,
  one,
  type RelationDef,
  type RelationOptions,
} from "./relations.js";
export type { ColumnMetadata, TableMetadata } from "./resolve/read.js";
export type { CascadeWord, ColumnPair, RelationMetadata } from "./resolve/relations.js";
export {
  type DefaultPrivilegesOptions,
  defaultPrivileges,
  type Grant,
  type GrantOptions,
  grant,
  type Rights,
  rights,
} from "./rights.js";
export { type MembershipOptions, type RoleOptions, type RoleSettings, role } from "./roles.js";
export {
  type AggregateOptions,
  type ArgumentOptions,
  type Arguments,
  type FunctionOptions,
  type ProcedureOptions,
  type SqlFunction,
  sqlAggregate,
  sqlFunction,
  sqlProcedure,
} from "./routines.js";
export type { SecurityLabels } from "./security-labels.js";
export { sqlFile } from "./sql-file.js";
export type { Codec, SqlType, Transform, ValueKind } from "./sql-type.js";
export type { Lifecycle } from "./state.js";
export { type Statistics, type StatisticsOptions, statistics } from "./statistics.js";
export {
  type EventTriggerOptions,
  eventTrigger,
  type Rule,
  type RuleOptions,
  rule,
  type Trigger,
  type TriggerFunction,
  type TriggerOptions,
  trigger,
} from "./triggers.js";
export * from "./types/index.js";
export { UnloadedError } from "./unloaded.js";
export type { ViewOptions } from "./view.js";
