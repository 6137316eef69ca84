/** Assertions about types, for the cases beside this file. They do nothing when run; nothing runs them. */

/** Whether two types are the same, not merely assignable to each other: `any` equals only `any`. */
export type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/**
 * ```ts
 * expectType<Equal<typeof user.name, string | null>>();
 * ```
 */
export declare function expectType<_Holds extends true>(): void;
