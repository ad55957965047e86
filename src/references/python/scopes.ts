import type { Tokens } from "./lexer.ts";
import type { Names } from "./path-strings.ts";
import type { Block } from "./statements.ts";
import type { Value } from "./values.ts";

// A name's first character and length: tells most unknown names apart without cutting them out of the text.
const slotOf = (code: number, length: number): number => ((code & 0x7f) << 5) | (length & 0x1f);

const always = ["__file__", "path", "getcwd", "cwd", "argv", "getfile", "getsourcefile"];

/** What is known of names, by function; module-level names and attributes of `self` are seen everywhere. */
export class Scopes implements Names {
  readonly #known = new Uint8Array(1 << 12);
  readonly #module = new Map<string, Value | undefined>();
  readonly #functions = new Map<Block, Map<string, Value | undefined>>();
  #current: Map<string, Value | undefined>[] = [this.#module];
  #block: Block | undefined;

  constructor() {
    for (const name of always) this.#mark(name);
  }

  #mark(name: string): void {
    const slot = slotOf(name.charCodeAt(0), name.length);
    this.#known[slot] = 1;
  }

  /** Goes to the scope of a block: its functions from the inside out, then the module. */
  enter(block: Block): void {
    if (block === this.#block) return;
    this.#block = block;
    const scopes: Map<string, Value | undefined>[] = [];
    for (let one: Block | undefined = block; one !== undefined; one = one.parent) {
      if (one.kind !== "function") continue;
      let scope = this.#functions.get(one);
      if (scope === undefined) {
        scope = new Map();
        this.#functions.set(one, scope);
      }
      scopes.push(scope);
    }
    this.#current = [...scopes, this.#module];
  }

  get(name: string): Value | undefined {
    for (const scope of this.#current) if (scope.has(name)) return scope.get(name);
    return undefined;
  }

  set(name: string, value: Value | undefined): void {
    const scope = name.includes(".") ? this.#module : (this.#current[0] as Map<string, Value | undefined>);
    if (value === undefined && this.get(name) === undefined) return;
    scope.set(name, value);
    if (value !== undefined) for (const part of name.split(".")) this.#mark(part);
  }

  /** True if one of the tokens [from, to) may be a name that something is known of. */
  mayKnow(tokens: Tokens, from: number, to: number): boolean {
    for (let i = from; i < to; i++) {
      if (tokens.kinds[i] !== 1) continue;
      const start = tokens.starts[i] as number;
      if (this.#known[slotOf(tokens.text.charCodeAt(start), (tokens.ends[i] as number) - start)] === 1)
        return true;
    }
    return false;
  }
}
