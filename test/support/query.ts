/** Queries for tests, by the driver alone: what the library does is what they judge. */

import pg from "pg";

/** Runs a function with a connection of its own. */
export async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** The rows of one query on a new connection. */
export function queryRows<Row extends pg.QueryResultRow>(
  url: string,
  text: string,
  parameters: readonly unknown[] = [],
): Promise<Row[]> {
  return withClient(url, async (client) => (await client.query<Row>(text, [...parameters])).rows);
}

/** Runs a script of any number of statements, as one transaction, on a new connection. */
export async function runScript(url: string, script: string): Promise<void> {
  await withClient(url, (client) => client.query(script));
}
