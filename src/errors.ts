/**
 * The root of every error that Athanor throws on purpose: a sentence (what happened, where, what to do next) and a
 * stable code. The error that caused it, such as the driver's, rides along as `cause`.
 */
export class AthanorError extends Error {
  override readonly name: string = "AthanorError";
  /** Stable and documented in docs/errors.md, like `lock.held`. */
  readonly code: string;

  constructor(code: string, message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.code = code;
  }
}
