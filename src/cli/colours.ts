/** Colours for people; plain text for everyone else. */

type Paint = (text: string) => string;

export interface Colours {
  readonly red: Paint;
  readonly green: Paint;
  readonly yellow: Paint;
  readonly cyan: Paint;
  readonly bold: Paint;
  readonly dim: Paint;
}

const plain: Paint = (text) => text;
const noColours: Colours = { red: plain, green: plain, yellow: plain, cyan: plain, bold: plain, dim: plain };

/** Whether stdout is a terminal that shows colours, and nobody asked for none. */
export function wantsColours(flag: boolean): boolean {
  const { NO_COLOR, TERM } = process.env;
  return flag && process.stdout.isTTY && !NO_COLOR && TERM !== "dumb";
}

/** kleur, loaded only where there is something to paint. */
export async function loadColours(wanted: boolean): Promise<Colours> {
  if (!wanted) return noColours;
  const { $, red, green, yellow, cyan, bold, dim } = await import("kleur/colors");
  // It was decided above; kleur's own view of the environment is another.
  $.enabled = true;
  const paint =
    (colour: (text: string) => string): Paint =>
    (text) =>
      colour(text);
  return {
    red: paint(red),
    green: paint(green),
    yellow: paint(yellow),
    cyan: paint(cyan),
    bold: paint(bold),
    dim: paint(dim),
  };
}
