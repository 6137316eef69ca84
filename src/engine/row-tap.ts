/**
 * Takes rows off the wire before the driver sees them: it would make a message, an array and a text of each value for each
 * row, and emit an event. Everything else goes on to the driver, whole messages at a time.
 */

import { EventEmitter } from "node:events";
import type pg from "pg";
import { DataRow } from "./data-row.js";

/** A statement that wants its rows. */
export interface RowSink {
  row(row: DataRow): void;
}

const dataRow = "D".charCodeAt(0);
/** A message's type, one byte, and its length, four bytes, which counts itself. */
const header = 5;

const taps = new WeakMap<pg.Connection, RowTap>();

/** The connection's rows. It was tapped before it connected. */
export function rowTapOf(connection: pg.Connection): RowTap {
  return taps.get(connection)!;
}

/** Puts a tap where the driver would listen to the stream, or to the one that TLS puts in its place. */
export function tapRows(client: pg.Client): void {
  // attachListeners is there (pg/lib/connection.js); only the declarations leave it out.
  const connection = client.connection as pg.Connection & { attachListeners(stream: EventEmitter): void };
  const tap = new RowTap();
  taps.set(connection, tap);
  const attach = connection.attachListeners.bind(connection);
  connection.attachListeners = (stream) => {
    attach(tap.rest);
    stream.on("data", (bytes: Buffer) => tap.take(bytes));
    stream.on("end", () => tap.rest.emit("end"));
  };
}

export class RowTap {
  /** What the driver listens to. */
  readonly rest = new EventEmitter();
  /** Whose rows are coming. */
  sink: RowSink | null = null;
  readonly #row = new DataRow();
  /** The beginning of a message whose end has not come. */
  #open: Buffer[] = [];
  #openLength = 0;
  /** How long the open message is, as far as that is known; the header, where it isn't. */
  #needed = header;

  take(bytes: Buffer): void {
    if (this.#openLength === 0) this.#read(bytes);
    else {
      this.#open.push(bytes);
      this.#openLength += bytes.length;
      // Joined once it is whole: a value may come in a thousand pieces.
      if (this.#openLength >= this.#needed) this.#read(this.#takeOpen());
    }
  }

  #takeOpen(): Buffer {
    const whole = Buffer.concat(this.#open, this.#openLength);
    this.#open = [];
    this.#openLength = 0;
    return whole;
  }

  /** Rows to the sink; what lies between them, in the order in which it came, to the driver. */
  #read(bytes: Buffer): void {
    let passed = 0;
    let at = 0;
    let end = 0;
    while (at + header <= bytes.length) {
      end = at + 1 + bytes.readUInt32BE(at + 1);
      if (end > bytes.length) break;
      if (bytes[at] === dataRow && this.sink !== null) {
        if (passed < at) this.rest.emit("data", bytes.subarray(passed, at));
        this.#row.locate(bytes, at + header);
        this.sink.row(this.#row);
        passed = end;
      }
      at = end;
    }
    if (passed < at) this.rest.emit("data", bytes.subarray(passed, at));
    if (at === bytes.length) return;
    this.#open.push(bytes.subarray(at));
    this.#openLength = bytes.length - at;
    this.#needed = at + header <= bytes.length ? end - at : header;
  }
}
