#!/usr/bin/env node
import { main } from "../dist/cli/main.js";

const code = await main(process.argv.slice(2));
// What was printed has to arrive; what is still open, such as a timer of the embedded database, must not keep us here.
await Promise.all([process.stdout, process.stderr].map((stream) => new Promise((done) => stream.write("", done))));
// Set where the output could not be written.
process.exit(process.exitCode ?? code);
