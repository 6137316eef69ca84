/** The public face. */

export * from "./model/index.js";
