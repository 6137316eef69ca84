/** Security labels, as models say them: texts that mean something to a provider, a library that the server loads. */

/** By provider: `{ anon: "MASKED WITH VALUE NULL" }`; null: none of that provider's. */
export type SecurityLabels = Readonly<Record<string, string | null>>;

/** What PostgreSQL can label. */
export interface Labelled {
  /**
   * `SECURITY LABEL FOR "anon" ON … IS '…'`. A provider that any model names has the labels that the models say and no others;
   * those of providers that none names stay as they are.
   */
  readonly securityLabels?: SecurityLabels;
}
