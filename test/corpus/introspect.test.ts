/** Every real schema becomes models that compile, and a database made of those models is the same again. */

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { type Catalog, type CatalogObject, dependantsOf } from "../../src/catalog/catalog.js";
import { describe as describeObject } from "../../src/kinds/index.js";
import { parseQualified } from "../../src/kinds/source.js";
import { corpusSchemas, loadSchema } from "../support/corpus.js";
import { GeneratedFolder } from "../support/generated.js";
import { differences, skipWithoutShared } from "../support/oracle.js";
import { introspect, rebuild, remaining } from "../support/rebuild.js";
import { serverMajor } from "../support/servers.js";

const folder = new GeneratedFolder("corpus");
after(() => folder[Symbol.dispose]());

/** The oracle's names for what models declare. */
const managed = new Set(
  [
    "schema,extension,enum,domain,composite type,range type,sequence,function,procedure,aggregate,table,column,attribute",
    "constraint,index,view,materialized view,collation,conversion,cast,operator,operator family,operator class,language",
    "transform,access method,text search parser,text search template,text search dictionary,text search configuration",
    "foreign data wrapper,foreign server,user mapping,foreign table,publication,subscription",
    "trigger,rule,policy,event trigger,statistics,default privileges",
  ].flatMap((names) => names.split(",")),
);

/** Partitioned tables and the like, whose columns and indexes the models don't declare either. */
function unmanagedRelations(catalog: Catalog): readonly string[] {
  const unmanaged = [...catalog.objects.values()].filter(({ kind }) => kind === "unmanaged");
  return unmanaged.flatMap(({ path: [type = "", identity = ""] }) =>
    /\btable$/.test(type) ? [parseQualified(identity).join(".")] : [],
  );
}

/** What can't be made without what is not managed, such as a view of a partitioned table: in the oracle's words and ours. */
function hindered(catalog: Catalog): readonly CatalogObject[] {
  const needy = new Set([...catalog.objects.values()].filter(({ kind }) => kind === "unmanaged").map(({ id }) => id));
  const dependants = dependantsOf(catalog);
  // A Set gives what is added while it is walked.
  for (const id of needy) for (const dependant of dependants.get(id) ?? []) needy.add(dependant);
  return [...needy].flatMap((id) => catalog.objects.get(id) ?? []).filter(({ kind }) => /view/.test(kind));
}

const schemas = corpusSchemas(await serverMajor());
for (const schema of schemas)
  test(`${schema.name} comes back from its models`, async (t) => {
    if (skipWithoutShared(t)) return;
    await using original = await loadSchema(schema);
    const { catalog, models, again } = await introspect(original.url, folder.package);
    assert.deepEqual([...again.files], [...models.files], "a second run gives the same bytes");
    const { database, refused } = await rebuild(folder.write(schema.name, models.files));
    await using rebuilt = database;
    const without = hindered(catalog);
    const isHindered = (sentence: string) => without.some((object) => sentence.includes(` ${describeObject(object)}`));
    assert.deepEqual(
      refused.filter((sentence) => !isHindered(sentence)),
      [],
    );
    const changes = await remaining(catalog, rebuilt.url);
    const sentences = changes.map(
      (change) => `${change.op} ${describeObject("to" in change ? change.to : change.from)}`,
    );
    assert.deepEqual(
      sentences.filter((sentence) => !isHindered(sentence)),
      [],
    );
    const told = await differences(original.url, rebuilt.url, {
      kinds: (kind) => managed.has(kind),
      acl: true,
      excludeTables: [...unmanagedRelations(catalog), ...without.map(({ path }) => path.join("."))],
    });
    assert.equal(told, "");
  });

test("what is generated compiles at TypeScript's strictest", (t) => {
  if (skipWithoutShared(t)) return;
  if (schemas.length === 0) return t.skip("no schema of the corpus loads on this version");
  assert.equal(folder.typeErrors(), "");
});
