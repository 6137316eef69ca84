import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { RowTap } from "../../src/engine/row-tap.js";

/** A message of the protocol: its type, its length and its body. */
function message(type: string, body: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.write(type, "latin1");
  head.writeUInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

function dataRow(values: readonly (string | null)[]): Buffer {
  const count = Buffer.alloc(2);
  count.writeUInt16BE(values.length);
  const parts = values.map((value) => {
    const length = Buffer.alloc(4);
    if (value === null) length.writeInt32BE(-1);
    else length.writeInt32BE(Buffer.byteLength(value));
    return Buffer.concat([length, Buffer.from(value ?? "")]);
  });
  return message("D", Buffer.concat([count, ...parts]));
}

/** A tap whose rows and whose other bytes are written down in the order in which they come. */
function tapped() {
  const tap = new RowTap();
  const heard: unknown[] = [];
  tap.rest.on("data", (bytes: Buffer) => heard.push(bytes.toString("latin1")));
  tap.sink = { row: (row) => heard.push(row.texts()) };
  return { tap, heard };
}

const other = message("C", Buffer.from("SELECT 2\0")).toString("latin1");

describe("rows off the wire", () => {
  test("come in their order among what goes on to the driver", () => {
    const { tap, heard } = tapped();
    const [one, two] = [dataRow(["é", null, ""]), dataRow([])];
    tap.take(Buffer.concat([Buffer.from(other, "latin1"), one, two, Buffer.from(other, "latin1")]));
    assert.deepEqual(heard, [other, ["é", null, ""], [], other]);
  });

  test("are the driver's where no statement wants them", () => {
    const { tap, heard } = tapped();
    tap.sink = null;
    const row = dataRow(["a"]);
    tap.take(row);
    assert.deepEqual(heard, [row.toString("latin1")]);
  });

  test("may come in any pieces", () => {
    const rows = fc.array(fc.array(fc.option(fc.string({ unit: "binary" })), { maxLength: 3 }), { maxLength: 5 });
    fc.assert(
      fc.property(rows, fc.array(fc.nat(40)), (values, cuts) => {
        const { tap, heard } = tapped();
        const bytes = Buffer.concat([...values.map(dataRow), Buffer.from(other, "latin1")]);
        let at = 0;
        for (const cut of [...cuts, bytes.length]) {
          tap.take(bytes.subarray(at, at + cut));
          at = Math.min(at + cut, bytes.length);
        }
        assert.deepEqual(heard, [...values, other]);
      }),
      { seed: 1, numRuns: 200 },
    );
  });
});
