import type { Mention } from "../schema.ts";
import { evaluateWord, type Evaluated } from "./evaluate.ts";
import type { Recorder } from "./recorder.ts";
import type { Operator, Word } from "./tokens.ts";
import { hasUnknown, joinValue, startFolder, unknown } from "./values.ts";

export type Redirect = { operator: string; target: Word | undefined; token: Operator };

type Frame = {
  kind: string;
  cwd: string;
  changed: Map<string, string | undefined>;
  /** Set in a branch before this one. */
  uncertain: Set<string>;
  /** Its commands may not run, or not once: what they set is not certain afterwards. */
  conditional: boolean;
  /** What it changes is gone at its end. */
  subshell: boolean;
};

/** What a script has set so far, with blocks that may or may not have run taken back at their end. */
export class ShellState {
  readonly recorder: Recorder;
  readonly text: string;
  readonly variables = new Map<string, string>();
  /** Exported search paths: what else is exported says nothing about files. */
  readonly exported = new Map<string, string>();
  readonly functions = new Set<string>();
  /** The mention of the literal that a variable was set to. */
  readonly origins = new Map<string, { mention: Mention; cwd: string }>();
  readonly #frames: Frame[] = [];
  readonly #pushed: string[] = [];
  #previous = unknown;
  #cwd: string;
  /** Counts changes of variables and folder. */
  #version = 0;
  depth = 0;
  /** Reads a part of the text as commands of a subshell; the scanner sets it. */
  nested: (from: number, to: number) => void = () => undefined;
  /** What runs now may fail: `… || true`. */
  mayFail = false;
  /** Inside a script that is only written here. */
  isLater = false;

  constructor(recorder: Recorder, text: string, cwd = startFolder) {
    this.recorder = recorder;
    this.text = text;
    this.#cwd = cwd;
  }

  get cwd(): string {
    return this.#cwd;
  }

  set cwd(value: string) {
    if (value !== this.#cwd) this.#version += 1;
    this.#cwd = value;
  }

  evaluate(word: Word): Evaluated {
    const { known } = word;
    if (known !== undefined && known.version === this.#version) return known;
    const { value, keep } = this.#evaluate(word);
    word.known = { version: this.#version, value, keep };
    return word.known;
  }

  #evaluate(word: Word): Evaluated {
    return evaluateWord(word, this.text, { variables: this.variables, cwd: this.cwd, depth: this.depth });
  }

  set(name: string, value: string): void {
    this.#version += 1;
    for (const { changed } of this.#frames)
      if (!changed.has(name)) changed.set(name, this.variables.get(name));
    this.variables.set(name, value);
    this.origins.delete(name);
  }

  open(kind: string): void {
    this.#frames.push({
      kind,
      cwd: this.cwd,
      changed: new Map(),
      uncertain: new Set(),
      conditional: kind !== "{",
      subshell: kind === "(" || kind === "function",
    });
  }

  /** The innermost open block; "" outside of all. */
  get block(): string {
    return this.#frames.at(-1)?.kind ?? "";
  }

  /** Ends the innermost block of this kind, and what stands unclosed in it. */
  close(kind: string): void {
    const index = this.#frames.findLastIndex((frame) => frame.kind === kind);
    if (index < 0) return;
    while (this.#frames.length > index) this.#leave(this.#frames.pop() as Frame);
  }

  /** `else`: what the branch before set does not hold here. */
  nextBranch(kind: string): void {
    const frame = this.#frames.at(-1);
    if (frame?.kind !== kind) return;
    if (frame.cwd !== this.cwd) this.cwd = frame.cwd;
    for (const [name, before] of frame.changed) {
      if (this.variables.get(name) !== before) frame.uncertain.add(name);
      if (before === undefined) this.variables.delete(name);
      else this.variables.set(name, before);
    }
    this.#version += 1;
  }

  #leave(frame: Frame): void {
    if (frame.subshell) this.cwd = frame.cwd;
    else if (frame.conditional && this.cwd !== frame.cwd) this.cwd = unknown;
    if (!frame.conditional || frame.changed.size === 0) return;
    this.#version += 1;
    for (const [name, before] of frame.changed) {
      if (frame.kind === "(") {
        if (before === undefined) this.variables.delete(name);
        else this.variables.set(name, before);
      } else if (frame.uncertain.has(name) || this.variables.get(name) !== before) {
        this.variables.set(name, unknown);
        this.origins.delete(name);
      }
    }
  }

  /** Runs what happens on another machine: no folder of it is known here. */
  elsewhere(run: () => void): void {
    const before = this.cwd;
    this.cwd = unknown;
    run();
    this.cwd = before;
  }

  changeFolder(value: string | undefined, how: "cd" | "pushd" | "popd"): void {
    const before = this.cwd;
    if (how === "popd") this.cwd = this.#pushed.pop() ?? unknown;
    else {
      if (how === "pushd") this.#pushed.push(this.cwd);
      if (value === "-") this.cwd = this.#previous;
      else if (value !== undefined) this.cwd = this.#folder(value);
    }
    this.#previous = before;
  }

  #folder(value: string): string {
    const whole = joinValue(this.cwd, value);
    return hasUnknown(whole) ? unknown : whole;
  }
}
