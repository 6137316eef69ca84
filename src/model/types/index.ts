export * from "./array.js";
export * from "./catalog.js";
export * from "./datetime.js";
export * from "./network.js";
export * from "./numeric.js";
export * from "./ranges.js";
export * from "./text.js";
