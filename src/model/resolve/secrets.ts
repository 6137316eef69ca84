import { isSecret } from "../plain/servers.js";
import type { Problems } from "../problems.js";

/** Options that look like a password or the like are a problem: what a model says stands in migrations. */
export function refuseSecrets(options: object | undefined, origin: string, problems: Problems): void {
  for (const [name, value] of Object.entries(options ?? {}))
    if (isSecret(name, String(value)))
      problems.add(
        "model.secret",
        `${origin} says its option ${JSON.stringify(name)}, which looks like a secret and would stand in migrations; leave it out, and set it on the database itself.`,
      );
}
