/** Names of migrations: `20261122101500_create_users`. */

const idShape = /^\d{14}_[A-Za-z0-9][A-Za-z0-9_-]*$/;
const longestSlug = 60;
/** What fits into a file's name on every system, with `.down.sql` behind it. */
export const longestId = 245;

/** Whether text is a migration's id: fourteen digits of UTC time, `_`, and words of ASCII. */
export function isMigrationId(text: string): boolean {
  return text.length <= longestId && idShape.test(text);
}

/** `Füge users.nickname hinzu!` → `fuge_users_nickname_hinzu`: ASCII, at most 60 characters, cut between words. */
export function slugOf(words: string): string {
  const ascii = words.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const slug = ascii.replace(/[^a-z0-9]+/g, "_").replace(/^_+|_+$/g, "");
  if (slug.length <= longestSlug) return slug || "migration";
  const cut = slug.slice(0, longestSlug + 1);
  const lastGap = cut.lastIndexOf("_");
  return lastGap > longestSlug / 2 ? cut.slice(0, lastGap) : cut.slice(0, longestSlug);
}

/**
 * The next migration's id: `20261122101500_create_users`.
 *
 * @param words what it does, in any language.
 * @param last the last id there is: the new one sorts behind it, even where the clock says otherwise.
 */
export function newMigrationId(words: string, last: string | null = null, now: Date = new Date()): string {
  const clock = now.toISOString().replace(/\D/g, "").slice(0, 14);
  const before = last?.slice(0, 14) ?? "";
  return `${clock > before ? clock : secondAfter(before)}_${slugOf(words)}`;
}

function secondAfter(stamp: string): string {
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(stamp) ?? [];
  const next = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  next.setSeconds(next.getSeconds() + 1);
  // Digits that are no date were typed by hand; counting on keeps the order.
  if (Number.isNaN(next.getTime()) || next.getUTCFullYear() > 9999) return String(BigInt(stamp) + 1n).padStart(14, "0");
  return next.toISOString().replace(/\D/g, "").slice(0, 14);
}
