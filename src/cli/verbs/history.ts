/** `orm migrate history`: who applied and reverted what, when, and how long it took. */

import type { Command } from "commander";
import { exitCodes } from "../exit.js";
import { duration, localTime, table } from "../format.js";
import { openMigrations } from "../migrations.js";
import type { Context, Verb } from "../verb.js";

export const history: Verb = {
  declare(_: Command): void {},

  async run(context: Context): Promise<number> {
    const { output } = context;
    const { history } = await import("../../migrate/status.js");
    const opened = await openMigrations(context);
    const entries = await history(opened.engine, opened);
    const { dim } = output.colours;
    const rows = entries.map(({ at, event, id, milliseconds, marked, client }) => [
      localTime(at),
      marked ? `${event}, marked` : event,
      id,
      milliseconds === null ? "" : duration(milliseconds),
      dim(client),
    ]);
    output.result(table(rows), { entries });
    if (entries.length === 0) output.note("Nothing has been applied yet.");
    return exitCodes.done;
  },
};
