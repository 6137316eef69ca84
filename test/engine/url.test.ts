import assert from "node:assert/strict";
import { test } from "node:test";
import { maskUrl, parseUrl } from "../../src/engine/url.js";
import { AthanorError, createEngine } from "../../src/index.js";

function postgres(url: string, environment = {}) {
  const target = parseUrl(url, { PGUSER: "me", ...environment });
  assert.equal(target.kind, "postgres");
  if (target.kind !== "postgres") throw new Error("unreachable");
  return target;
}

test("a URL's parts, percent-encoded where they must be", () => {
  const target = postgres("postgresql://ada:p%40ss@db.example:6000/my%20app?sslmode=verify-full&sslrootcert=/ca.pem");
  const { user, password, host, port, database, sslMode, ssl } = target;
  assert.deepEqual([user, password, host, port, database], ["ada", "p@ss", "db.example", 6000, "my app"]);
  assert.deepEqual([sslMode, ssl], ["verify-full", { rootCert: "/ca.pem" }]);
});

test("unix sockets: by parameter and in the host's place; never with TLS", () => {
  for (const url of ["postgres:///app?host=/var/Run/pg", "postgres://%2Fvar%2FRun%2Fpg/app"]) {
    const { host, database, sslMode, place } = postgres(url);
    assert.deepEqual([host, database, sslMode], ["/var/Run/pg", "app", "disable"]);
    assert.equal(place, "/var/Run/pg/.s.PGSQL.5432");
  }
});

test("the environment fills what the URL leaves out, and nothing else", () => {
  const environment = {
    PGHOST: "h",
    PGPORT: "1",
    PGDATABASE: "d",
    PGPASSWORD: "p",
    PGAPPNAME: "a",
    PGSSLMODE: "require",
  };
  const bare = postgres("postgres://", environment);
  assert.deepEqual([bare.host, bare.port, bare.user, bare.database, bare.password], ["h", 1, "me", "d", "p"]);
  assert.deepEqual([bare.applicationName, bare.sslMode], ["a", "require"]);
  const full = postgres("postgres://u:q@host:2/db", environment);
  assert.deepEqual([full.host, full.port, full.user, full.database, full.password], ["host", 2, "u", "db", "q"]);
  assert.equal(postgres("postgres://[::1]:7/x").place, "[::1]:7");
});

test("pglite: in memory or a folder", () => {
  for (const url of ["pglite:", "pglite:memory"]) assert.deepEqual(parseUrl(url), { kind: "pglite", folder: null });
  assert.deepEqual(parseUrl("pglite:./data"), { kind: "pglite", folder: "./data" });
  assert.deepEqual(parseUrl("pglite:///srv/data"), { kind: "pglite", folder: "/srv/data" });
});

test("the password never shows, in whatever state the URL is", () => {
  assert.equal(maskUrl("postgres://u:secret@h:1/d?sslmode=require"), "postgres://u:***@h:1/d?sslmode=require");
  const broken = [
    "postgres://u:se@cret@h/d",
    "postgres://u:se/cret@h/d",
    "postgres://u:se?cret@h/d",
    "postgres://u:se#cret@h",
  ];
  const odd = [
    "u:secret@h/d",
    "mysql://u:secret@h/d",
    "postgres://u:secret@h:x/d",
    "postgres://u:secret%@h/d",
    "postgres://u@h/d?password=secret&nope=1",
  ];
  for (const url of [...broken, ...odd])
    assert.throws(
      () => createEngine(url),
      (error: unknown) => {
        assert.ok(error instanceof AthanorError && error.code === "url.invalid", url);
        return !/se.?cret/.test(error.message) && !error.message.includes("cret@");
      },
      url,
    );
  assert.equal(createEngine("postgres://u:secret@h/d").url, "postgres://u:***@h/d");
});

test("what is wrong is named", () => {
  assert.throws(() => createEngine(""), { code: "url.missing" });
  assert.throws(() => parseUrl("postgres://h/d?sslmod=require"), /"sslmod"/);
  assert.throws(() => parseUrl("postgres://h/d?sslmode=yes"), /verify-full/);
});
