/** Security labels, as declarations: those of an object and its columns together, by provider. */

import type { DeclaredOf, SecurityLabelDeclaration } from "../declarations.js";
import { snakeCase } from "../naming.js";
import type { StandaloneDefinition } from "../objects.js";
import { rightsSpec } from "../rights.js";
import type { SecurityLabels } from "../security-labels.js";
import { refuseTwice } from "./declare-rights.js";
import type { DeclareContext } from "./declare-types.js";
import { checkName } from "./names.js";
import { objectPlace, tablePlace } from "./object-place.js";
import type { PartitionMetadata } from "./partitions.js";
import type { TableMetadata } from "./read.js";

/** All labels that the models speak of. */
export function declareSecurityLabels(
  objects: readonly StandaloneDefinition[],
  tables: readonly TableMetadata[],
  partitions: readonly PartitionMetadata[],
  context: DeclareContext,
): readonly SecurityLabelDeclaration[] {
  const said = [
    ...objects.flatMap((object) => labelsOfObject(object, context)),
    ...tables.flatMap(labelsOfTable),
    ...partitions.flatMap(labelsOfPartition),
  ];
  refuseTwice(
    said.map((each) => [JSON.stringify([each.of, each.schema, each.name, each.arguments, each.provider]), each.origin]),
    context,
    "what label",
  );
  for (const { origin, provider } of said)
    checkName(provider, `The provider of a security label of ${origin}`, context.problems);
  return said;
}

function labelsOfObject(object: StandaloneDefinition, context: DeclareContext): readonly SecurityLabelDeclaration[] {
  if ("rights" in object) {
    const columns = object.kind === "composite" ? attributeLabels(object.attributes) : new Map();
    return byProvider(() => objectPlace(object, context), object.rights.securityLabels, columns);
  }
  if (object.kind === "role" || object.kind === "event trigger") {
    const { kind, name, options } = object;
    return byProvider(
      () => ({ origin: `${kind} ${JSON.stringify(name)}`, of: kind, schema: null, name, arguments: null }),
      options?.securityLabels ?? {},
    );
  }
  if (!("securityLabels" in object)) return [];
  // What is labelled of these lies in no schema, and is told apart by its name alone.
  const { kind, origin, securityLabels } = object;
  return byProvider(() => {
    const [name = ""] = object.path({});
    return { origin, of: kind, schema: null, name, arguments: null };
  }, securityLabels);
}

type ColumnLabels = ReadonlyMap<string, SecurityLabels>;

function attributeLabels(attributes: Extract<StandaloneDefinition, { kind: "composite" }>["attributes"]): ColumnLabels {
  return new Map(
    Object.entries(attributes).map(([property, { spec }]) => [spec.name ?? snakeCase(property), spec.securityLabels]),
  );
}

function labelsOfTable(table: TableMetadata): readonly SecurityLabelDeclaration[] {
  const columns = new Map(table.columns.map(({ name, spec }) => [name, spec.securityLabels]));
  return byProvider(() => tablePlace(table), rightsSpec(table.definition.options).securityLabels, columns);
}

/** Its columns have labels of their own. */
function labelsOfPartition({ table, partition, rights }: PartitionMetadata): readonly SecurityLabelDeclaration[] {
  const said = partition.options.columns ?? {};
  const columns = new Map(table.columns.map(({ name, property }) => [name, said[property]?.securityLabels ?? {}]));
  return byProvider(() => tablePlace(table), rights.securityLabels, columns);
}

/** @param place asked for only where something is said. */
function byProvider(
  place: () => DeclaredOf,
  labels: SecurityLabels,
  columns: ColumnLabels = new Map(),
): readonly SecurityLabelDeclaration[] {
  const providers = new Set([labels, ...columns.values()].flatMap((each) => Object.keys(each)));
  return [...providers].map((provider) => ({
    ...place(),
    provider,
    label: labels[provider] ?? null,
    columns: Object.fromEntries([...columns].map(([name, each]) => [name, each[provider] ?? null])),
  }));
}
