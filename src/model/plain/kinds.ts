/** Every kind of object that a name and options say whole, with its options. */

import type { CastSettings, CollationOptions, ConversionOptions } from "./conversions.js";
import type { AccessMethodOptions, LanguageOptions, TransformSettings } from "./languages.js";
import type { OperatorClassOptions, OperatorFamilyOptions, OperatorOptions } from "./operators.js";
import type { PublicationOptions, SubscriptionOptions } from "./replication.js";
import type { ForeignDataWrapperOptions, ForeignServerOptions, UserMappingSettings } from "./servers.js";
import type {
  TextSearchConfigurationOptions,
  TextSearchDictionaryOptions,
  TextSearchParserOptions,
  TextSearchTemplateOptions,
} from "./text-search.js";

export interface PlainOptions {
  collation: CollationOptions;
  conversion: ConversionOptions;
  cast: CastSettings;
  operator: OperatorOptions;
  "operator family": OperatorFamilyOptions;
  "operator class": OperatorClassOptions;
  language: LanguageOptions;
  transform: TransformSettings;
  "access method": AccessMethodOptions;
  "text search parser": TextSearchParserOptions;
  "text search template": TextSearchTemplateOptions;
  "text search dictionary": TextSearchDictionaryOptions;
  "text search configuration": TextSearchConfigurationOptions;
  "foreign data wrapper": ForeignDataWrapperOptions;
  "foreign server": ForeignServerOptions;
  "user mapping": UserMappingSettings;
  publication: PublicationOptions;
  subscription: SubscriptionOptions;
}
