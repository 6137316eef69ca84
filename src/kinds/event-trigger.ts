/** Event triggers. They belong to the database, and are the project's where their function is. */

import { sameData } from "../catalog/catalog.js";
import { quoteIdentifier, quoteLiteral } from "../sql/identifier.js";
import { enabledCode, type FiringState, stateAction, stateField } from "./attached.js";
import type { Alteration, Kind, Statement } from "./kind.js";
import { callCode, objectCode, stringCode, stringList } from "./source.js";
import { compact, jsonObject, notMember } from "./statements.js";
import { functionCode } from "./trigger.js";

export interface EventTriggerDefinition {
  readonly event: string;
  readonly tags?: readonly string[];
  /** As SQL, qualified. */
  readonly function: string;
  readonly state?: FiringState;
  /** Its function's schema is not managed: seen, but not dropped. */
  readonly outside?: true;
}

const target = ([name = ""]: readonly string[]) => `EVENT TRIGGER ${quoteIdentifier(name)}`;

export const eventTriggerKind: Kind<EventTriggerDefinition> = {
  name: "event trigger",
  inNoSchema: true,

  seenIn: "pg_event_trigger",
  query: () => `
    SELECT 'pg_event_trigger'::regclass::oid, e.oid, 0, NULL::text, json_build_array(e.evtname),
      obj_description(e.oid, 'pg_event_trigger'),
      ${jsonObject({
        event: "e.evtevent",
        tags: "to_json(e.evttags)",
        function: "quote_ident(fn.nspname) || '.' || quote_ident(f.proname)",
        state: stateField("e.evtenabled"),
        outside: "CASE WHEN fn.oid NOT IN (SELECT oid FROM managed) THEN true END",
      })}
    FROM pg_event_trigger e JOIN pg_proc f ON f.oid = e.evtfoid JOIN pg_namespace fn ON fn.oid = f.pronamespace
    WHERE ${notMember("pg_event_trigger", "e.oid")}`,

  *declare({ eventTriggers }) {
    for (const { name, comment, event, tags, function: call, state } of eventTriggers)
      yield {
        path: [name],
        comment,
        definition: compact<EventTriggerDefinition>({ event, tags, function: call, state, outside: null }),
      };
  },

  isOutside: ({ definition }) => definition.outside === true,
  same: ({ outside: _a, ...from }, { outside: _b, ...to }) => sameData(from, to),

  create({ path, definition }) {
    const { event, tags, function: call, state } = definition;
    const when =
      tags === undefined ? "" : ` WHEN TAG IN (${tags.map((tag) => quoteLiteral(tag).trimStart()).join(", ")})`;
    return [
      { sql: `CREATE ${target(path)} ON ${quoteIdentifier(event)}${when} EXECUTE FUNCTION ${call}()` },
      ...(state === undefined ? [] : [stateStatement(path, state)]),
    ];
  },
  drop: ({ path }) => [{ sql: `DROP ${target(path)}` }],
  alter(from, to): Alteration {
    const { state: before, outside: _a, ...old } = from.definition;
    const { state: after, outside: _b, ...now } = to.definition;
    if (!sameData(old, now)) return { op: "replace" };
    return { op: "statements", statements: before === after ? [] : [stateStatement(to.path, after)] };
  },
  rename: ({ path }, name) => `ALTER ${target(path)} RENAME TO ${quoteIdentifier(name)}`,
  renamesFreely: true,
  commentTarget: ({ path }) => target(path),

  source(object, context) {
    const { path, comment, definition } = object;
    // What is not the project's, such as a platform's, is not for its models to say.
    if (definition.outside) return null;
    return {
      at: "objects",
      code: () => {
        const options = objectCode({
          on: stringCode(definition.event),
          tags: definition.tags === undefined ? null : stringList(definition.tags),
          call: functionCode(definition.function, context),
          enabled: enabledCode(definition.state),
          comment: comment === null ? null : stringCode(comment),
          ...context.entries(object),
        });
        return callCode(context.use("eventTrigger"), stringCode(path[0] ?? ""), options);
      },
    };
  },
};

function stateStatement(path: readonly string[], state: FiringState | undefined): Statement {
  return { sql: `ALTER ${target(path)} ${stateAction(state)}` };
}
