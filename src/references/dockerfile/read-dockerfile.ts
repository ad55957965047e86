import { appendAll } from "../structure/append.ts";
import { latin1Of, lineCounter, utf8Of } from "../byte-text.ts";
import { type Base, type Extraction, hole, type ImageStage, type Mention } from "../schema.ts";
import { joinValue, scanShell, ShellSession, type ShellStart, unknown } from "../shell/index.ts";
import { type Instruction, readInstructions } from "./instructions.ts";
import { type Argument, jsonArguments, shellArguments } from "./words.ts";

/** Sources of COPY lie in the context; where no build names one, it is the Dockerfile's folder or the root. */
const contextBases: readonly Base[] = [
  { kind: "context" },
  { kind: "file" },
  { kind: "root" },
  { kind: "above" },
];

/** What a Dockerfile names, copies, runs and starts. */
export function readDockerfile(text: string): Extraction {
  return new DockerfileReader(text).read();
}

class DockerfileReader {
  readonly #text: string;
  readonly #lineOf: (offset: number) => number;
  readonly #extraction: Extraction & { commands: NonNullable<Extraction["commands"]>; stages: ImageStage[] };
  #masked = "";
  /** Of ARG and ENV in the stage, latin1 values with markers. */
  #variables = new Map<string, string>();
  /** ARG before the first FROM: defaults that a stage may take over by name. */
  readonly #globals = new Map<string, string>();
  #session = new ShellSession();
  #workdir = "/";

  constructor(text: string) {
    this.#text = text;
    this.#lineOf = lineCounter(text);
    this.#extraction = { mentions: [], commands: [], stages: [], notes: [] };
  }

  read(): Extraction {
    const { instructions, masked } = readInstructions(this.#text);
    this.#masked = masked;
    for (const instruction of instructions) this.#take(instruction);
    return this.#extraction;
  }

  get #stage(): ImageStage {
    const last = this.#extraction.stages.at(-1);
    if (last !== undefined) return last;
    // Instructions before FROM: a broken file, or a part that another one includes.
    const stage = this.#newStage("", undefined);
    this.#extraction.stages.push(stage);
    return stage;
  }

  #newStage(from: string, parent: ImageStage | undefined): ImageStage {
    return {
      from,
      copies: [],
      made: [],
      workdir: parent?.workdir ?? "/",
      environment: { ...parent?.environment },
    };
  }

  #take(instruction: Instruction): void {
    switch (instruction.keyword) {
      case "FROM":
        return this.#from(instruction);
      case "ARG":
      case "ENV":
        return this.#variable(instruction);
      case "WORKDIR":
        return this.#changeWorkdir(instruction);
      case "COPY":
      case "ADD":
        return this.#copy(instruction);
      case "RUN":
        return this.#run(instruction);
      case "CMD":
      case "ENTRYPOINT":
        return this.#start(instruction);
      case "ONBUILD": {
        const inner = /^([A-Za-z]+)[ \t]+/.exec(this.#masked.slice(instruction.from, instruction.to));
        if (inner !== null && !/^ONBUILD$/i.test(inner[1] as string)) {
          const keyword = (inner[1] as string).toUpperCase();
          this.#take({ ...instruction, keyword, from: instruction.from + inner[0].length });
        }
        return undefined;
      }
      default:
        return undefined;
    }
  }

  #words({ from, to, keyword }: Instruction): Argument[] {
    const variables = keyword === "FROM" && this.#globals.size > 0 ? this.#globals : this.#variables;
    return shellArguments(this.#masked, from, to, variables);
  }

  #from(instruction: Instruction): void {
    const words = this.#words(instruction).filter(({ value }) => !value.startsWith("--"));
    const image = words[0]?.value ?? "";
    const parent = this.#extraction.stages.find(({ name }) => name !== undefined && name === image);
    const stage = this.#newStage(shown(image), parent);
    if (/^as$/i.test(words[1]?.value ?? "") && words[2] !== undefined) stage.name = shown(words[2].value);
    if (this.#extraction.stages.length === 0)
      for (const [name, value] of this.#variables) this.#globals.set(name, value);
    this.#variables = new Map(
      Object.entries(stage.environment).map(([name, value]) => [
        name,
        latin1Of(value.replaceAll(hole, unknown)),
      ]),
    );
    this.#extraction.stages.push(stage);
    this.#workdir = stage.workdir.includes(hole) ? unknown : stage.workdir;
    this.#session = new ShellSession();
  }

  #variable(instruction: Instruction): void {
    const words = this.#words(instruction);
    const isEnvironment = instruction.keyword === "ENV";
    const [first, second] = words;
    if (isEnvironment && first !== undefined && second !== undefined && !first.value.includes("=")) {
      this.#set(first.value, second.value, true);
      return;
    }
    for (const { value } of words) {
      const equals = value.indexOf("=");
      if (equals > 0) this.#set(value.slice(0, equals), value.slice(equals + 1), isEnvironment);
      else if (!isEnvironment && !this.#variables.has(value))
        this.#variables.set(value, this.#globals.get(value) ?? unknown);
    }
  }

  #set(name: string, value: string, isEnvironment: boolean): void {
    this.#variables.set(name, value);
    if (isEnvironment) this.#stage.environment[name] = shown(value);
  }

  #changeWorkdir(instruction: Instruction): void {
    const [word] = this.#words(instruction);
    if (word === undefined) return;
    const { value } = word;
    const whole = value.startsWith("/") ? joinValue("/", value) : joinValue(this.#workdir, value);
    this.#workdir = value.startsWith(unknown) || whole.includes(unknown) ? unknown : whole;
    this.#stage.workdir = shown(this.#workdir);
  }

  #copy(instruction: Instruction): void {
    const { from, to, documents } = instruction;
    const flags = /^(?:[ \t]*--[a-z-]+(?:=\S+)?)*[ \t]*/.exec(this.#masked.slice(from, to))?.[0] ?? "";
    const options = new Map<string, string>();
    for (const { value } of shellArguments(this.#masked, from, from + flags.length, this.#variables)) {
      const option = /^--([a-z-]+)=(.*)$/.exec(value);
      if (option !== null) options.set(option[1] as string, option[2] as string);
    }
    const words =
      jsonArguments(this.#masked, from + flags.length, to) ??
      this.#words({ ...instruction, from: from + flags.length });
    const target = words.at(-1);
    const written = documents.map(({ delimiter }) => delimiter);
    const sources = words.slice(0, -1).filter(({ value }) => !written.includes(value));
    if (target === undefined || (sources.length === 0 && documents.length === 0)) return;
    const stage = this.#stage;
    const line = this.#lineOf(instruction.start);
    const place = this.#inImage(target.value);
    if (documents.length > 0) stage.made.push(shown(place));
    const elsewhere = options.get("from");
    const local = sources.filter(({ value }) => !/^(?:https?|git|ftp):|^git@/.test(value));
    if (local.length > 0) {
      stage.copies.push({
        sources: local.map(({ value }) => shown(value)),
        target: shown(place) + (/\/$|^\.$/.test(target.value) && !place.endsWith("/") ? "/" : ""),
        ...(elsewhere === undefined ? {} : { stage: shown(elsewhere) }),
        line,
      });
    }
    if (elsewhere !== undefined) return;
    for (const source of local) this.#source(source, instruction.keyword);
  }

  #source({ start, end, value, word }: Argument, keyword: string): void {
    const path = shown(value.replace(/^\/+(?=.)/, "")) || ".";
    const mention: Mention = {
      start,
      end,
      line: this.#lineOf(start),
      raw: utf8Of(this.#text.slice(start, end)),
      path: path === "/" ? "." : path,
      kind: "copy",
      strength: "hard",
      bases: [...contextBases],
      use: "read",
      key: keyword,
      encoding: word === undefined ? "json" : "shell",
    };
    if (/[*?[]/.test(value)) mention.glob = true;
    if (word !== undefined && word.parts.some(({ type }) => type !== "text")) mention.keep = end - start;
    this.#extraction.mentions.push(mention);
  }

  #inImage(value: string): string {
    return value.startsWith("/") ? joinValue("/", value) : joinValue(this.#workdir, value);
  }

  /** Where the stage's commands start. Without a COPY before them the files are those of the base image or a mount. */
  get #shellStart(): ShellStart {
    return { bases: [], cwdBase: "image", image: this.#workdir };
  }

  #run(instruction: Instruction): void {
    const { from, to, documents } = instruction;
    const flags =
      /^(?:[ \t]*--(?:mount|network|security)=\S+)*[ \t]*/.exec(this.#masked.slice(from, to))?.[0] ?? "";
    this.#boundMounts(from, from + flags.length);
    const start = from + flags.length;
    if (documents.length > 0 && /^<<-?["']?\w+["']?[ \t\r]*$/.test(this.#masked.slice(start, to))) {
      for (const body of documents) this.#shell(body.from, body.to, this.#text);
    } else if (jsonArguments(this.#masked, start, to) === undefined) this.#shell(start, to, this.#masked);
  }

  /** `RUN --mount=type=bind,source=x,target=/y`. */
  #boundMounts(from: number, to: number): void {
    const text = this.#masked.slice(from, to);
    for (const { 0: mount, index } of text.matchAll(/--mount=\S+/g)) {
      if (/(?:^|[=,])(?:from=|type=(?!bind))/.test(mount)) continue;
      const source = /(?:[=,])(?:source|src)=([^,\s$]+)/.exec(mount);
      if (source === null) continue;
      const value = source[1] as string;
      const start = from + index + source.index + source[0].length - value.length;
      this.#source({ start, end: start + value.length, value }, "--mount");
    }
  }

  #shell(from: number, to: number, masked: string): void {
    const stage = this.#stage;
    const { mentions, commands, writes } = scanShell(this.#text, {
      from,
      to,
      masked,
      lineOf: this.#lineOf,
      start: this.#shellStart,
      session: this.#session,
      variables: Object.fromEntries(this.#variables),
    });
    this.#keep(mentions);
    appendAll(this.#extraction.commands, commands);
    appendAll(
      stage.made,
      writes.filter((path) => path.startsWith("/")),
    );
  }

  /** Something of this repository was copied into the stage or into one that it starts from. */
  #holdsOwnFiles({ from, copies }: ImageStage, depth = 0): boolean {
    if (copies.some(({ stage }) => stage === undefined)) return true;
    const parent = this.#extraction.stages.find(({ name }) => name !== undefined && name === from);
    return parent !== undefined && depth < 20 && this.#holdsOwnFiles(parent, depth + 1);
  }

  /** A file that only the base image can hold is no hard place of this repository. */
  #keep(mentions: readonly Mention[]): void {
    for (const mention of mentions) {
      if (mention.strength === "hard" && (!this.#holdsOwnFiles(this.#stage) || mention.path.startsWith("/")))
        mention.strength = "soft";
      this.#extraction.mentions.push(mention);
    }
  }

  #start(instruction: Instruction): void {
    const { from, to, keyword } = instruction;
    const stage = this.#stage;
    const list = jsonArguments(this.#masked, from, to);
    const before = this.#extraction.commands.length;
    if (list === undefined) this.#shell(from, to, this.#masked);
    else this.#startJson(instruction, list);
    const words =
      list?.map(({ value }) => shown(value)) ?? this.#extraction.commands[before]?.words.slice() ?? [];
    if (words.length === 0) return;
    if (keyword === "CMD") stage.command = words;
    else stage.entrypoint = words;
  }

  /** The JSON form as one command: its strings are words, so it is read as shell with quotes for brackets. */
  #startJson({ from, to, start }: Instruction, list: readonly Argument[]): void {
    const masked = this.#masked
      .slice(from, to)
      .replace(/^([ \t]*)\[/, "$1 ")
      .replace(/\]([ \t\r]*)$/, " $1");
    const separated = masked.replace(/("(?:[^"\\\n]|\\.)*")|,/g, (_, text?: string) => text ?? " ");
    const isShell = /^(?:\/bin\/)?(?:ba|da)?sh$/.test(list[0]?.value ?? "");
    if (isShell && list[1]?.value === "-c" && list[2] !== undefined) {
      this.#shell(list[2].start, list[2].end, this.#masked);
      return;
    }
    this.#shell(from, to, this.#masked.slice(0, from) + separated + this.#masked.slice(to));
    const last = this.#extraction.commands.at(-1);
    if (last !== undefined && last.start >= from && last.end <= to) last.start = Math.max(start, last.start);
  }
}

/** A latin1 value as the text people read, unknown parts as holes. */
function shown(value: string): string {
  return utf8Of(value.replace(/\u0001./g, unknown)).replaceAll(unknown, hole);
}
