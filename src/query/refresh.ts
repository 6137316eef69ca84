import { modelName } from "../model/definition.js";
import { modelEntity } from "../model/entity.js";
import type { AnyModel } from "../model/relations.js";
import { modelTable } from "../model/source.js";
import { QueryError } from "../sql/errors.js";
import { type Sql, sql } from "../sql/sql.js";

export interface RefreshOptions {
  /** Readers don't wait. It takes a unique index over all rows, and a view that is populated. */
  readonly concurrently?: boolean;
  /** False: `WITH NO DATA`, which empties it. */
  readonly withData?: boolean;
}

/**
 * `await session.execute(refresh(DailyTotal, { concurrently: true }))` → `REFRESH MATERIALIZED VIEW CONCURRENTLY "daily_total"`.
 * Objects that the session has of it are as they were: expire or refresh them.
 *
 * @throws QueryError `query.not_materialized` for a model that is no materialized view.
 */
export function refresh(model: AnyModel, { concurrently = false, withData = true }: RefreshOptions = {}): Sql {
  const { definition } = modelEntity(model);
  if (!definition.view?.materialized)
    throw new QueryError(
      "query.not_materialized",
      `${modelName(definition)} is no materialized view: it has no rows of its own that could be refreshed.`,
    );
  const name = sql.identifier(...modelTable(definition).qualifier);
  const [word, end] = [concurrently ? " CONCURRENTLY" : "", withData ? "" : " WITH NO DATA"];
  return sql`REFRESH MATERIALIZED VIEW${sql.raw(word)} ${name}${sql.raw(end)}`;
}
