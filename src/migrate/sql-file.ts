/** Migrations in plain SQL: `<id>.up.sql` and `<id>.down.sql`, with a few words in comments. */

import { splitStatements } from "./statements.js";
import { type Step, type Steps, statementStep } from "./step.js";
import { irreversibleMark, outsideMark, parentMark, serverMark } from "./write.js";

/** Lines that say how the statement behind them is run. */
const marks: ReadonlySet<string> = new Set([outsideMark, serverMark]);

/** What the comment lines at the top say. `parent` is undefined where they don't name one; `none` says: the first. */
export function readSqlHead(up: string): { parent: string | null | undefined; description: string | null } {
  const lines = commentsAtTop(up);
  const named = lines
    .find((line) => line.startsWith(parentMark))
    ?.slice(parentMark.length)
    .trim();
  const words = lines.filter((line) => !line.startsWith(parentMark) && !marks.has(line));
  return { parent: named === "none" ? null : named, description: words.join("\n").trim() || null };
}

function commentsAtTop(text: string): readonly string[] {
  const lines = text.trimStart().split("\n");
  const end = lines.findIndex((line) => !line.startsWith("--"));
  return lines.slice(0, end === -1 ? lines.length : end).map((line) => line.slice(2).trim());
}

/**
 * The steps of a pair: each statement one, with the comment above it as its sentence. `-- outside transaction` above a
 * statement takes it out of the transaction, `-- on the server` says that it is about the server; `-- irreversible: reason` in the way down says that there is none.
 */
export function readSqlSteps(up: string, down: string | null): Steps {
  return {
    up: stepsOf(up),
    down: down === null ? { irreversible: "It has no .down.sql file." } : downOf(down),
    transaction: true,
  };
}

function downOf(down: string): Steps["down"] {
  const reason = commentsAtTop(down).find((line) => line.startsWith(irreversibleMark));
  return reason === undefined ? stepsOf(down) : { irreversible: reason.slice(irreversibleMark.length).trim() };
}

function stepsOf(script: string): readonly Step[] {
  return splitStatements(script).map(({ sql, comments, line }) => {
    const words = comments.filter((comment) => !marks.has(comment) && !comment.startsWith(parentMark));
    return {
      ...statementStep(sql, comments.includes(outsideMark), words.join(" ") || null),
      ...(comments.includes(serverMark) ? { ofServer: true } : {}),
      line,
    };
  });
}
