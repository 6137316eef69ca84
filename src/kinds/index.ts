/**
 * The kinds of objects, in the order in which a person would create them. To teach the tool a new kind is to add its file
 * and its line here.
 */

import { type CatalogObject, objectId } from "../catalog/catalog.js";
import { displayName } from "../sql/identifier.js";
import { aggregateKind } from "./aggregate.js";
import { checkKind } from "./check.js";
import { columnKind } from "./column.js";
import { compositeKind } from "./composite.js";
import { defaultKind } from "./default.js";
import { defaultPrivilegesKind } from "./default-privileges.js";
import { domainConstraintKind, domainKind } from "./domain.js";
import { enumKind } from "./enum.js";
import { eventTriggerKind } from "./event-trigger.js";
import { exclusionKind } from "./exclusion.js";
import { extensionKind } from "./extension.js";
import { foreignKeyKind } from "./foreign-key.js";
import { functionKind, procedureKind } from "./function.js";
import { grantKind } from "./grant.js";
import { indexKind, materializedViewIndexKind } from "./index-kind.js";
import { inheritedColumnKind } from "./inherited-column.js";
import { keyKind } from "./key.js";
import type { Kind } from "./kind.js";
import { materializedViewKind } from "./materialized-view.js";
import { ownPrivilegesKind } from "./own-privileges.js";
import { ownerKind } from "./owner.js";
import { accessMethodKind } from "./plain/access-method.js";
import { castKind } from "./plain/cast.js";
import { collationKind } from "./plain/collation.js";
import { conversionKind } from "./plain/conversion.js";
import { foreignDataWrapperKind } from "./plain/foreign-data-wrapper.js";
import { foreignServerKind } from "./plain/foreign-server.js";
import { languageKind } from "./plain/language.js";
import { operatorKind } from "./plain/operator.js";
import { operatorClassKind } from "./plain/operator-class.js";
import { operatorFamilyKind } from "./plain/operator-family.js";
import { publicationKind } from "./plain/publication.js";
import { subscriptionKind } from "./plain/subscription.js";
import { textSearchConfigurationKind } from "./plain/text-search-configuration.js";
import { textSearchDictionaryKind } from "./plain/text-search-dictionary.js";
import { textSearchParserKind } from "./plain/text-search-parser.js";
import { textSearchTemplateKind } from "./plain/text-search-template.js";
import { transformKind } from "./plain/transform.js";
import { userMappingKind } from "./plain/user-mapping.js";
import { policyKind } from "./policy.js";
import { rangeKind } from "./range.js";
import { replicaIdentityKind } from "./replica-identity.js";
import { roleKind } from "./role.js";
import { ruleKind, viewRuleKind } from "./rule.js";
import { schemaKind } from "./schema.js";
import { roleLabelKind, securityLabelKind } from "./security-label.js";
import { ownershipKind, sequenceKind } from "./sequence.js";
import { materializedViewStatisticsKind, statisticsKind } from "./statistics.js";
import { tableKind } from "./table.js";
import { triggerKind, viewTriggerKind } from "./trigger.js";
import { triggerStateKind } from "./trigger-state.js";
import { unmanagedKind } from "./unmanaged.js";
import { viewKind } from "./view.js";

/**
 * A kind whose definition's type is forgotten. The registry hands each kind only objects of that very kind, which the
 * type system can't see: hence the one cast below.
 */
const erase = <Definition>(kind: Kind<Definition>): Kind => kind as unknown as Kind;

export const kinds: readonly Kind[] = [
  erase(roleKind),
  erase(schemaKind),
  erase(extensionKind),
  erase(languageKind),
  erase(collationKind),
  erase(enumKind),
  erase(compositeKind),
  erase(domainKind),
  erase(domainConstraintKind),
  erase(rangeKind),
  erase(sequenceKind),
  erase(functionKind),
  erase(procedureKind),
  erase(aggregateKind),
  erase(castKind),
  erase(operatorKind),
  erase(operatorFamilyKind),
  erase(operatorClassKind),
  erase(conversionKind),
  erase(transformKind),
  erase(accessMethodKind),
  erase(textSearchParserKind),
  erase(textSearchTemplateKind),
  erase(textSearchDictionaryKind),
  erase(textSearchConfigurationKind),
  erase(foreignDataWrapperKind),
  erase(foreignServerKind),
  erase(userMappingKind),
  erase(tableKind),
  erase(columnKind),
  erase(defaultKind),
  erase(inheritedColumnKind),
  erase(ownershipKind),
  erase(keyKind),
  erase(checkKind),
  erase(exclusionKind),
  erase(indexKind),
  erase(replicaIdentityKind),
  erase(foreignKeyKind),
  erase(viewKind),
  erase(materializedViewKind),
  erase(materializedViewIndexKind),
  erase(statisticsKind),
  erase(materializedViewStatisticsKind),
  erase(triggerKind),
  erase(triggerStateKind),
  erase(viewTriggerKind),
  erase(ruleKind),
  erase(viewRuleKind),
  erase(policyKind),
  erase(publicationKind),
  erase(subscriptionKind),
  erase(eventTriggerKind),
  erase(grantKind),
  erase(ownPrivilegesKind),
  erase(ownerKind),
  erase(defaultPrivilegesKind),
  erase(securityLabelKind),
  erase(roleLabelKind),
  erase(unmanagedKind),
];

const byName = new Map(kinds.map((kind, rank) => [kind.name, { kind, rank }]));

/** The kind of that name. */
export function kindOf(name: string): Kind {
  const found = byName.get(name);
  if (!found) throw new RangeError(`No kind is called ${JSON.stringify(name)}.`);
  return found.kind;
}

/** Its place in the order of creation. */
export function rankOf(name: string): number {
  return byName.get(name)?.rank ?? kinds.length;
}

/** The id of the object that holds this one, null for one that stands alone. */
export function parentId({ kind, path }: Pick<CatalogObject, "kind" | "path">): string | null {
  const { parent, sharesParentPath } = kindOf(kind);
  if (parent === undefined) return null;
  if (typeof parent === "function") {
    const holder = parent(path);
    return objectId(holder.kind, holder.path);
  }
  return objectId(parent, sharesParentPath ? path : path.slice(0, -1));
}

/** The id of the schema that it lies in, null for what lies in none. */
export function schemaId({ kind, path }: Pick<CatalogObject, "kind" | "path">): string | null {
  return kindOf(kind).inNoSchema ? null : objectId("schema", path.slice(0, 1));
}

/** `column users.email`: how an object is called in messages; the schema `public` goes without saying. */
export function describe(object: CatalogObject): string {
  const path = object.path.length > 1 && object.path[0] === "public" ? object.path.slice(1) : object.path;
  return kindOf(object.kind).describe?.(object, path) ?? `${object.kind} ${displayName(path)}`;
}
