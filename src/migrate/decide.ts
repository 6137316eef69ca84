/** Decisions that only a person, a flag or a model can make, and what is asked where none was made. */

import type { Rename, RenameQuestion } from "../diff/rename.js";
import { AthanorError } from "../errors.js";
import { kindOf } from "../kinds/index.js";
import { displayName } from "../sql/identifier.js";

/** A question for a person: is this a rename, and to what? Or: what do rows that hold it become? */
export interface Question {
  readonly about: "rename" | "rows";
  /** Stable: the key in an answers file, such as `column users.nick` or `enum status.old`. */
  readonly id: string;
  readonly kind: string;
  /** The name that is gone, as a flag spells it: `users.nick`. */
  readonly from: string;
  /** Names that are new, the likeliest first, spelled likewise. */
  readonly candidates: readonly string[];
  readonly text: string;
}

/** An answer to each question, by its id: the new name, or null for "no, it is gone". */
export type Answers = ReadonlyMap<string, string | null>;

/** How questions get their answers. */
export interface Decider {
  /** From flags, an answers file or the models: `users.nick` → `users.nickname`, or null for "dropped". */
  readonly given: Answers;
  /** Asks at a terminal; absent where nobody is there. */
  readonly ask?: ((questions: readonly Question[]) => Promise<Answers>) | undefined;
}

/** Thrown where an answer is needed and nobody is there: the command line exits 2 and lists the questions. */
export class UnansweredError extends AthanorError {
  override readonly name = "UnansweredError";

  constructor(readonly questions: readonly Question[]) {
    const list = questions.map(
      ({ text, from, candidates }) =>
        `  ${text} (--rename ${from}=${candidates[0]}, or --rename ${from}= if it is gone)`,
    );
    super("question.unanswered", `An answer is needed:\n${list.join("\n")}`);
  }
}

/**
 * The renames among what was proposed. Those that are free are taken where only one candidate exists; the others are
 * looked up, then asked.
 *
 * @throws UnansweredError
 */
export async function decideRenames(
  questions: readonly RenameQuestion[],
  decider: Decider,
): Promise<readonly Rename[]> {
  const renames: Rename[] = [];
  const open: { readonly proposed: RenameQuestion; readonly question: Question }[] = [];
  const taken = new Set<string>();
  const take = (proposed: RenameQuestion, name: string) => {
    taken.add(slotOf(proposed, name));
    renames.push({
      kind: proposed.kind,
      path: proposed.path,
      ...(proposed.part === undefined ? {} : { part: proposed.part }),
      name,
    });
  };
  for (const proposed of questions) {
    const question = questionOf(proposed);
    const answer = lookUp(decider.given, question);
    if (answer === null) continue;
    if (answer !== undefined) take(proposed, chosenName(proposed, question, answer));
    else if (!proposed.free) open.push({ proposed, question });
  }
  for (const proposed of questions.filter(({ free }) => free)) {
    const candidates = proposed.candidates.filter((name) => !taken.has(slotOf(proposed, name)));
    const [name] = candidates;
    if (name !== undefined && lookUp(decider.given, questionOf(proposed)) === undefined) take(proposed, name);
  }
  const unanswered = open.filter(({ proposed }) =>
    proposed.candidates.some((name) => !taken.has(slotOf(proposed, name))),
  );
  if (unanswered.length === 0) return renames;
  if (decider.ask === undefined) throw new UnansweredError(unanswered.map(({ question }) => question));
  const answers = await decider.ask(unanswered.map(({ question }) => question));
  for (const { proposed, question } of unanswered) {
    const answer = answers.get(question.id);
    if (typeof answer === "string") take(proposed, chosenName(proposed, question, answer));
  }
  return renames;
}

/** The same new name can't be had by two. */
function slotOf({ kind, path, part }: RenameQuestion, name: string): string {
  return JSON.stringify([kind, part === undefined ? path.slice(0, -1) : path, name]);
}

function questionOf(proposed: RenameQuestion): Question {
  const { kind, path, part, candidates } = proposed;
  const from = spell(path, part);
  const word = part === undefined ? kind : `${kind} ${kindOf(kind).parts?.word ?? "part"}`;
  const options = candidates.map((name) =>
    part === undefined ? spell([...path.slice(0, -1), name]) : spell(path, name),
  );
  return {
    about: "rename",
    id: `${word} ${from}`,
    kind: word,
    from,
    candidates: options,
    text: `Was the ${word} ${from} renamed to ${options.join(" or ")}?`,
  };
}

/** A label that goes, of an enum that something uses. */
export interface LostLabel {
  /** The enum's id and path. */
  readonly id: string;
  readonly path: readonly string[];
  readonly label: string;
  /** Those that stay or come. */
  readonly labels: readonly string[];
}

/** Labels' successors by their enum's id. */
export type Replacements = ReadonlyMap<string, Readonly<Record<string, string>>>;

/**
 * What becomes of rows that hold a label that goes: as was given, else a person is asked. Where nobody is there, nothing:
 * PostgreSQL refuses the change where there are such rows.
 */
export async function decideLabels(
  lost: readonly LostLabel[],
  given: Replacements,
  { ask }: Decider,
): Promise<Replacements> {
  const open = lost.filter(({ id, label, labels }) => labels.length > 0 && given.get(id)?.[label] === undefined);
  if (open.length === 0 || ask === undefined) return given;
  const questions = open.map((each) => ({ each, question: labelQuestion(each) }));
  const answers = await ask(questions.map(({ question }) => question));
  const decided = new Map(given);
  for (const { each, question } of questions) {
    const answer = answers.get(question.id);
    if (typeof answer === "string") decided.set(each.id, { ...decided.get(each.id), [each.label]: answer });
  }
  return decided;
}

function labelQuestion({ path, label, labels }: LostLabel): Question {
  const from = spell(path, label);
  return {
    about: "rows",
    id: `rows with ${from}`,
    kind: "enum label",
    from,
    candidates: labels,
    text: `The label ${from} goes. What do rows that hold it become?`,
  };
}

/** As a flag spells it: dots between names, without the schema where that is `public`. */
export function spell(path: readonly string[], part?: string): string {
  const short = path[0] === "public" && path.length > 1 ? path.slice(1) : path;
  return displayName(part === undefined ? short : [...short, part]);
}

function lookUp(given: Answers, { id, from }: Question): string | null | undefined {
  return given.has(id) ? given.get(id) : given.get(from);
}

function chosenName(proposed: RenameQuestion, question: Question, answer: string): string {
  const index = question.candidates.indexOf(answer);
  const name = index >= 0 ? proposed.candidates[index] : proposed.candidates.find((candidate) => candidate === answer);
  if (name !== undefined) return name;
  throw new AthanorError(
    "question.answer",
    `${question.from} can't have been renamed to ${answer}: what is new beside it is ${question.candidates.join(", ")}.`,
  );
}
