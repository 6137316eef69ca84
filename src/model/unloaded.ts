import { AthanorError } from "../errors.js";
import { modelName, relationNames } from "./definition.js";
import type { InstanceState } from "./state.js";

/** An attribute was read that is not loaded: a relationship, a deferred column, or one that expired. */
export class UnloadedError extends AthanorError {
  override readonly name = "UnloadedError";

  constructor(state: InstanceState, property: string) {
    const model = modelName(state.definition);
    const variable = model.charAt(0).toLowerCase() + model.slice(1);
    const attribute = `${model}.${property}`;
    if (state.owner === null)
      super(
        "orm.detached",
        `${attribute} is not loaded, and this ${model} is in no session that could load it. Load it before the session ends, or add the ${model} to a session: session.add(${variable}); await session.load(${variable}, "${property}").`,
      );
    else {
      const isRelation = relationNames(state.definition).includes(property);
      const earlier = isRelation ? `, or with the query: .options(selectinload(${attribute}))` : "";
      super(
        "orm.unloaded",
        `${attribute} is not loaded. Load it first: await session.load(${variable}, "${property}"), or await ${variable}.awaitable.${property}${earlier}.`,
      );
    }
  }
}
