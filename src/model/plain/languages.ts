/** What extends PostgreSQL itself: languages, transforms and access methods. They lie in no schema. */

import type { Declares } from "../brand.js";
import { type DatabaseObjectOptions, type PlainDefinition, plain, type TypeName, typeInName } from "./plain.js";

export interface LanguageOptions {
  /** Functions, as SQL. */
  readonly handler: string;
  readonly inline?: string;
  readonly validator?: string;
  /** Whether anybody may use it who may use the database. */
  readonly trusted?: boolean;
}

/** `CREATE TRUSTED LANGUAGE "name" HANDLER … INLINE … VALIDATOR …`. One of an extension comes with that. */
export function language(name: string, options: LanguageOptions & DatabaseObjectOptions): Declares<PlainDefinition> {
  return plain("language", { factory: "language", name }, options, { inSchema: false });
}

export interface TransformOptions {
  /** Functions with their arguments, as SQL. One of the two may be left out. */
  readonly fromSql?: string;
  readonly toSql?: string;
}

export interface TransformSettings extends TransformOptions {
  readonly type: TypeName;
  readonly language: string;
}

/** `CREATE TRANSFORM FOR "mood" LANGUAGE sql (FROM SQL WITH FUNCTION …, TO SQL WITH FUNCTION …)`. */
export function transform(
  type: TypeName,
  languageName: string,
  options: TransformOptions & Pick<DatabaseObjectOptions, "comment">,
): Declares<PlainDefinition> {
  const name = `${typeof type === "string" ? type : type.spec.type.sql(null)} LANGUAGE ${languageName}`;
  return plain(
    "transform",
    { factory: "transform", name },
    { type, language: languageName, ...options },
    {
      inSchema: false,
      path: (settings) => [`${typeInName(settings.type)} LANGUAGE ${settings.language}`],
    },
  );
}

export interface AccessMethodOptions {
  readonly type: "index" | "table";
  /** A function, as SQL. */
  readonly handler: string;
}

/** `CREATE ACCESS METHOD "name" TYPE INDEX HANDLER bthandler`. */
export function accessMethod(
  name: string,
  options: AccessMethodOptions & Pick<DatabaseObjectOptions, "comment">,
): Declares<PlainDefinition> {
  return plain("access method", { factory: "accessMethod", name }, options, { inSchema: false });
}
