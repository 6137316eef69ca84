/** The messages of the protocol that are sent here: pg's Connection has them, but its type declarations leave them out. */

import type pg from "pg";
import type { WireValue } from "./types/serialize.js";

export interface Wire {
  readonly stream: { cork?(): void; uncork?(): void };
  query(text: string): void;
  parse(message: { text: string; name: string }): void;
  bind(message: { statement: string; values: readonly WireValue[] }): void;
  describe(message: { type: "P" }): void;
  close(message: { type: "S" | "P"; name: string }): void;
  /** @param message rows: how many at most; all unless said. */
  execute(message?: { rows: number }): void;
  flush(): void;
  sync(): void;
  sendCopyFail(message: string): void;
  once(event: "readyForQuery" | "end", listener: () => void): void;
  off(event: "readyForQuery" | "end", listener: () => void): void;
}

export function wireOf(connection: pg.Connection): Wire {
  // The methods are there: pg/lib/connection.js.
  return connection as unknown as Wire;
}

/** What `send` writes goes out in one piece, and reaches the embedded database as one call. */
export function inOnePiece(wire: Wire, send: () => void): void {
  wire.stream.cork?.();
  try {
    send();
  } finally {
    wire.stream.uncork?.();
  }
}
