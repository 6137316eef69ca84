/** What models and the objects beside them have to look like, wherever the compiler was not asked. */

import type { Constraint, ConstraintSpec } from "../constraints.js";
import { type ModelDefinition, modelName, type PlainModelOptions } from "../definition.js";
import type { StandaloneDefinition } from "../objects.js";
import type { Problems } from "../problems.js";
import {
  anything,
  both,
  callback,
  either,
  flag,
  listOf,
  number,
  ofKind,
  oneOf,
  optional,
  options,
  orNull,
  recordOf,
  type Shape,
  sqlText,
  text,
  withFields,
} from "../shape.js";
import type { ViewOptions } from "../view.js";

const texts = listOf("texts", text);
const column = ofKind("column", "a type, such as text()");
const ownColumn = ofKind("column-expression", "a column, such as c.name");
const ownColumns = listOf("columns, such as c.name", ownColumn);
const part = either(ownColumn, ofKind("ordering", "asc(…)"), sqlText);
const settings = recordOf(either(text, number, flag));
const securityLabels = recordOf(orNull(text));

const grant = both(
  ofKind("grant", "grant(…)"),
  withFields({ privileges: texts, to: texts, columns: orNull(texts), grantable: flag }),
);
const grants = listOf("grant(…)", grant);
const rights = { owner: text, grants, securityLabels };

const firing = { enabled: either(oneOf("replica", "always"), flag), comment: text, renamedFrom: text };
const events = either(text, texts);
const attached = (name: "trigger" | "rule" | "policy" | "statistics", fields: Readonly<Record<string, Shape>>): Shape =>
  both(
    ofKind(name, `${name}(…)`),
    withFields({ name: text, options: options({ comment: text, renamedFrom: text, ...fields }) }),
  );

const trigger = attached("trigger", {
  ...firing,
  ...{ before: events, after: events, insteadOf: events, of: ownColumns, for: oneOf("row", "statement") },
  ...{ oldTable: text, newTable: text, when: sqlText, call: anything, arguments: texts, constraint: flag },
  ...{ deferrable: oneOf("immediate", "deferred"), from: either(text, texts) },
});
const rule = attached("rule", {
  ...firing,
  on: oneOf("insert", "update", "delete"),
  where: sqlText,
  instead: either(sqlText, oneOf("nothing")),
  also: sqlText,
});
const policy = attached("policy", {
  for: oneOf("all", "select", "insert", "update", "delete"),
  to: texts,
  using: sqlText,
  check: sqlText,
  restrictive: flag,
});
const statistics = attached("statistics", {
  on: listOf("columns and sql`…`", either(ownColumn, sqlText)),
  kinds: listOf("ndistinct, dependencies and mcv", oneOf("ndistinct", "dependencies", "mcv")),
  target: number,
  schema: text,
});
const constraint = both(ofKind("constraint", "unique(…), index(…) or the like"), (value, path) => {
  // What these functions make says its kind.
  const { spec } = value as Constraint;
  return constraints[spec.kind](spec, path);
});
const constraints: Readonly<Record<ConstraintSpec["kind"], Shape>> = {
  unique: withFields({ columns: ownColumns, include: ownColumns }),
  "primary key": withFields({ columns: ownColumns, include: ownColumns }),
  "foreign key": withFields({ columns: ownColumns }),
  check: withFields({ name: text, condition: sqlText }),
  index: withFields({ parts: listOf("columns and sql`…`", part), include: ownColumns, where: orNull(sqlText) }),
  exclusion: withFields({
    elements: listOf("pairs of a column and an operator", listOf("a column and an operator", either(part, text))),
    where: orNull(sqlText),
  }),
};

/** What the functions among a model's options give. */
const given = {
  constraints: listOf("unique(…), index(…) and the like", constraint),
  triggers: listOf("trigger(…)", trigger),
  rules: listOf("rule(…)", rule),
  policies: listOf("policy(…)", policy),
  statistics: listOf("statistics(…)", statistics),
};

/** Without those that are not as they have to be, which are problems. */
export function wellShaped<T>(
  option: keyof typeof given,
  list: readonly T[] | null,
  label: string,
  problems: Problems,
): readonly T[] {
  if (list === null) return [];
  const sentences = given[option](list, option);
  report(sentences, label, problems);
  return sentences.length === 0 ? list : [];
}

const tableOptions = {
  comment: text,
  constraints: callback,
  triggers: callback,
  rules: callback,
  policies: callback,
  statistics: callback,
  ...rights,
  foreign: options({ server: text, options: settings }),
  unlogged: flag,
  with: settings,
  replicaIdentity: either(oneOf("default", "full", "nothing"), options({ index: text })),
  tablespace: text,
  accessMethod: text,
  rowLevelSecurity: oneOf("off", "on", "forced"),
  renamedFrom: text,
  schema: text,
  partitionBy: callback,
  partitions: either(
    listOf("partition(…)", (value, path) => partition(value, path)),
    oneOf("unmanaged"),
  ),
} satisfies Partial<Record<keyof PlainModelOptions, Shape>>;

const partition = both(
  ofKind("partition", "partition(…)"),
  withFields({
    name: text,
    bound: anything,
    options: options({ ...tableOptions, columns: recordOf(anything), triggerStates: recordOf(firing.enabled) }),
  }),
);

const modelOptions: Readonly<Record<keyof PlainModelOptions, Shape>> = {
  ...tableOptions,
  tablename: text,
  properties: recordOf(callback),
  version: text,
  identity: text,
  polymorphicLoad: oneOf("inline", "selectin"),
  inherits: either(listOf("models", anything), callback),
  ofType: anything,
};

const viewOptions: Readonly<Record<keyof ViewOptions<unknown>, Shape>> = {
  ...rights,
  ...{ as: either(sqlText, callback), name: text, schema: text, comment: text, renamedFrom: text },
  ...{ securityBarrier: flag, securityInvoker: flag, checkOption: oneOf("local", "cascaded") },
  ...{ triggers: callback, rules: callback, indexes: callback, statistics: callback },
  ...{ materialized: flag, withData: flag, with: settings, tablespace: text, accessMethod: text },
};

const role = options({
  ...{
    login: flag,
    inherit: flag,
    createDb: flag,
    createRole: flag,
    replication: flag,
    bypassRls: flag,
    superuser: flag,
  },
  ...{ connectionLimit: number, validUntil: text, settings, databaseSettings: settings, comment: text, securityLabels },
  memberOf: listOf("roles", either(text, options({ role: text, admin: flag, inherit: flag, set: flag }))),
});

const argument = either(column, withFields({ type: column }));
const routine = withFields({
  options: withFields({ arguments: optional(either(listOf("types", argument), recordOf(argument))) }),
});

const published = either(
  text,
  withFields({ table: text, columns: optional(texts), where: optional(either(text, sqlText)) }),
);

/** By what each definition holds; of what is not said here, PostgreSQL judges. */
const definitions: Partial<Readonly<Record<StandaloneDefinition["kind"], Shape>>> = {
  enum: withFields({ labels: texts, renamedLabels: recordOf(text), replacedLabels: recordOf(text) }),
  composite: withFields({ attributes: recordOf(column) }),
  function: routine,
  procedure: routine,
  aggregate: routine,
  publication: withFields({
    options: withFields({
      tables: optional(listOf("tables", published)),
      schemas: optional(texts),
      publish: optional(texts),
    }),
  }),
  subscription: withFields({ options: withFields({ publications: texts }) }),
  role: withFields({ options: orNull(role) }),
  "event trigger": withFields({
    options: options({ ...firing, on: text, tags: texts, call: anything, securityLabels }),
  }),
  "default privileges": withFields({ role: text, sort: text, grants }),
};

const named = withFields({ name: text });
const baseRights = withFields({ owner: orNull(text), grants: orNull(grants) });
const held = withFields({ rights: both(baseRights, withFields({ securityLabels })) });

/** Models and objects of another shape than their types allow. */
export function checkShapes(
  models: readonly ModelDefinition[],
  objects: readonly StandaloneDefinition[],
  problems: Problems,
): void {
  for (const base of new Set(models.map((model) => model.base)))
    report(baseRights(base.rights, ""), "declarativeBase()", problems);
  for (const model of models) {
    const { view } = model;
    const sentences = view === null ? options(modelOptions)(model.options, "") : options(viewOptions)(view.said, "");
    report(sentences, modelName(model), problems);
  }
  for (const object of objects) {
    const shapes = [
      ...("name" in object ? [named] : []),
      ...("rights" in object ? [held] : []),
      definitions[object.kind] ?? anything,
    ];
    const origin =
      "origin" in object
        ? object.origin
        : "name" in object
          ? `${object.kind} ${JSON.stringify(object.name)}`
          : object.kind;
    report(
      shapes.flatMap((shape) => shape(object, "")),
      origin,
      problems,
    );
  }
}

function report(sentences: readonly string[], where: string, problems: Problems): void {
  for (const sentence of new Set(sentences)) problems.add("model.shape", `${where}: ${sentence}.`);
}
