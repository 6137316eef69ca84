/**
 * Security labels: named, and in the way of what would lose them. Only their provider, a library that a scratch database
 * need not have, could set them there and prove it.
 */

import type { Kind } from "./kind.js";
import { holderOf, holderText, managedJoin, securableCatalogs } from "./securable.js";

/** Its path: the object's kind and path, and the provider. */
export const securityLabelKind: Kind<{ readonly label: string }> = {
  name: "security label",
  parent: holderOf,
  inNoSchema: true,
  managed: false,

  query: (server) =>
    securableCatalogs(server)
      .flatMap((each) => {
        const { catalog, kind, path } = each;
        const rows = (own: string, part: string, join = "") => `
    SELECT 0::oid, x.oid, l.objsubid, NULL::text, json_build_array(${own}, l.provider), NULL::text, json_build_object('label', l.label)
    FROM pg_seclabel l JOIN ${catalog} x ON l.classoid = '${catalog}'::regclass AND x.oid = l.objoid ${managedJoin(each)} ${join}
    WHERE ${part}`;
        const whole = rows(`${kind}, ${path}`, "l.objsubid = 0");
        if (catalog !== "pg_class") return [whole];
        const join = "JOIN pg_attribute a ON a.attrelid = x.oid AND a.attnum = l.objsubid";
        return [whole, rows(`'column', ${path}, a.attname`, "l.objsubid > 0", join)];
      })
      .join(" UNION ALL "),

  describe: ({ path }) => `security label of ${path.at(-1)} on ${holderText(holderOf(path))}`,
};
