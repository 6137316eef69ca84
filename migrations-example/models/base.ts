import { declarativeBase, integer, sql, timestamptz } from "athanor";

/** What every model has. */
export const Base = declarativeBase({
  columns: {
    id: integer().primaryKey().identity(),
    createdAt: timestamptz().serverDefault(sql`now()`),
  },
  tablename: (className) => `${className.toLowerCase()}s`,
});
