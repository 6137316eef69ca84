/** Files that can't be written, in a sentence. */

import { AthanorError } from "../errors.js";

/** By the system's code: why, and what to do. */
const reasons: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full. Make room, and run it again",
  EDQUOT: "the disk quota is used up. Make room, and run it again",
  EFBIG: "the file is larger than is allowed",
  EACCES: "there is no permission to. Give it, or name another place",
  EPERM: "there is no permission to. Give it, or name another place",
  EROFS: "the file system is read-only. Name another place",
  ENOTDIR: "a part of its path is a file. Name another place",
  EISDIR: "there is a folder of that name. Name another place",
};

/**
 * `file.write_failed` for an error of the file system.
 *
 * @param done what of the rest was done: a sentence
 */
export function writeFailed(path: string, cause: unknown, done: string): AthanorError {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  const why = reasons[code] ?? (cause instanceof Error ? cause.message : String(cause));
  return new AthanorError("file.write_failed", `${path} can't be written: ${why}. ${done}`, { cause });
}
