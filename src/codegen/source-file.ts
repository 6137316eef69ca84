/** One file of generated source: its body, and the imports that it turned out to need. */

/** Names with the module that each is from; some may be there twice. */
export type Imports = readonly (readonly [module: string, name: string])[];

export class SourceFile {
  /** Module → names. */
  readonly #imports = new Map<string, Set<string>>();
  /** Where imports go for the time being; null: to the file's own. */
  #apart: [module: string, name: string][] | null = null;
  readonly #body: string[] = [];

  constructor(
    /** Without extension. */
    readonly name: string,
  ) {}

  /** The name, imported from a module. */
  import(module: string, name: string): string {
    if (this.#apart !== null) {
      this.#apart.push([module, name]);
      return name;
    }
    const names = this.#imports.get(module);
    if (names === undefined) this.#imports.set(module, new Set([name]));
    else names.add(name);
    return name;
  }

  /** What `write` gives, and the imports it asked for, which the file has only once it adopts them. */
  apart<T>(write: () => T): { readonly value: T; readonly imports: Imports } {
    const before = this.#apart;
    const imports: [module: string, name: string][] = [];
    this.#apart = imports;
    try {
      return { value: write(), imports };
    } finally {
      this.#apart = before;
    }
  }

  adopt(imports: Imports): void {
    for (const [module, name] of imports) this.import(module, name);
  }

  /** The type's name, imported as such. */
  importType(module: string, name: string): string {
    this.import(module, `type ${name}`);
    return name;
  }

  /** A piece of the body; pieces have a blank line between them. */
  add(code: string): void {
    this.#body.push(code);
  }

  get isEmpty(): boolean {
    return this.#body.length === 0;
  }

  toString(): string {
    const modules = [...this.#imports.keys()].sort((a, b) => order(a) - order(b) || (a < b ? -1 : 1));
    const imports = modules.map((module) => importLine(module, [...(this.#imports.get(module) ?? [])].sort(byName)));
    return `${[...(imports.length > 0 ? [imports.join("\n")] : []), ...this.#body].join("\n\n")}\n`;
  }
}

/** Types among the rest. */
function byName(a: string, b: string): number {
  const [left, right] = [a.replace(/^type /, ""), b.replace(/^type /, "")];
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Packages first. */
function order(module: string): number {
  return module.startsWith(".") ? 1 : 0;
}

function importLine(module: string, names: readonly string[]): string {
  const from = `from ${JSON.stringify(module)};`;
  const line = `import { ${names.join(", ")} } ${from}`;
  return line.length <= lineWidth ? line : `import {\n${names.map((name) => `  ${name},\n`).join("")}} ${from}`;
}

export const lineWidth = 120;
