/** A proxy in front of a server that notes which messages of the protocol a client sends. */

import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { serverUrl } from "./servers.js";

export interface Proxy extends AsyncDisposable {
  readonly url: string;
  /**
   * The letters of the messages that were sent since it was asked last: P(arse), B(ind), D(escribe), E(xecute),
   * C(lose), f (no data for a copy), H (flush), S(ync), Q(uery). Each H, S and Q is a round trip.
   */
  messages(): string;
  /** Cuts every connection, as a network does. */
  cut(): void;
}

export async function startProxy(): Promise<Proxy> {
  const target = new URL(await serverUrl());
  const sockets = new Set<Socket>();
  let seen = "";
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    const reader = new FrontendReader((type) => {
      seen += type;
    });
    client.on("data", (chunk: Buffer) => reader.read(chunk));
    client.pipe(upstream).pipe(client);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      // What ends a connection here is what a test is about.
      socket
        .on("error", () => {})
        .on("close", () => {
          client.destroy();
          upstream.destroy();
        });
    }
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const cut = () => {
    for (const socket of sockets) socket.destroy();
    sockets.clear();
  };
  const url = new URL(target);
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    messages() {
      const all = seen;
      seen = "";
      return all;
    },
    cut,
    async [Symbol.asyncDispose]() {
      cut();
      server.close();
      await once(server, "close");
    },
  };
}

/** Cuts what a client sends into messages. The first one, which has no letter, is the startup. */
class FrontendReader {
  #rest: Buffer = Buffer.alloc(0);
  #started = false;

  constructor(private readonly found: (type: string) => void) {}

  read(chunk: Buffer): void {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    for (;;) {
      const head = this.#started ? 1 : 0;
      if (this.#rest.length < head + 4) return;
      const length = head + this.#rest.readInt32BE(head);
      if (this.#rest.length < length) return;
      const type = String.fromCharCode(this.#rest[0]!);
      // An 8-byte message without a letter asks for TLS, and the startup comes after it.
      if (this.#started) this.found(type);
      else if (length > 8) this.#started = true;
      this.#rest = this.#rest.subarray(length);
    }
  }
}
