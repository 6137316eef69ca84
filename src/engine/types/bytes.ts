/** bytea's two text forms, as `bytea_output` says: `\x00ff` and the older `\000\377`. */
export function parseBytea(text: string): Uint8Array {
  if (text.startsWith("\\x")) return bytes(Buffer.from(text.slice(2), "hex"));
  const escaped = text.replace(/\\(\\|[0-7]{3})/g, (_, code: string) =>
    code === "\\" ? code : String.fromCharCode(Number.parseInt(code, 8)),
  );
  return bytes(Buffer.from(escaped, "latin1"));
}

/** A plain Uint8Array: a Buffer is one too, but compares unequal to it and shares its pool. */
function bytes(buffer: Buffer): Uint8Array {
  return new Uint8Array(buffer);
}

export function formatBytea(value: Uint8Array): string {
  return `\\x${viewAsBuffer(value).toString("hex")}`;
}

/** The same bytes as a Buffer, without a copy. */
export function viewAsBuffer(value: Uint8Array): Buffer {
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
}
