import { enterArguments, enterValue, splitAssignment } from "./arguments.ts";
import { argumentShape } from "./argument-shape.ts";
import {
  checkers,
  copiers,
  launchers,
  prefixes,
  programFirst,
  readers,
  wordless,
  writers,
} from "./commands.data.ts";
import { check, launch } from "./launch-command.ts";
import { enterSearchPath, isSearchPath } from "./search-path.ts";
import { enterStartedModule } from "./started-module.ts";
import { enterMessage } from "./strings.ts";
import type { ShellState } from "./state.ts";
import { buildImage, enterMounts } from "./container-commands.ts";
import { installPython, runGit, runTool } from "./tool-commands.ts";
import type { Word } from "./tokens.ts";
import { lastOf, unknown } from "./values.ts";
import { bareStart, literalOf, soleVariable } from "./word-span.ts";

export type Nested = (from: number, to: number) => void;

/** Operands: words that are no option. */
function operandsOf(words: readonly Word[]): Word[] {
  return words.filter((word) => !/^-./.test(bareStart(word)));
}

function optionValue(state: ShellState, words: readonly Word[], option: RegExp, write: boolean): void {
  for (const [at, word] of words.entries()) {
    const next = words[at + 1];
    if (option.test(bareStart(word)) && next !== undefined)
      enterValue(state, next, { use: write ? "write" : "read", key: bareStart(word).replace(/^-+/, "") });
  }
}

function download(state: ShellState, name: string, words: readonly Word[]): void {
  optionValue(state, words, name === "curl" ? /^(?:-o|--output)$/ : /^-O$|^--output-document$/, true);
  if (name === "curl") optionValue(state, words, /^(?:-T|--upload-file)$/, false);
  if (
    name === "wget" ||
    words.some((word) => /^-[a-zA-Z]*O[a-zA-Z]*$|^--remote-name$/.test(bareStart(word)))
  ) {
    for (const word of operandsOf(words)) {
      const { value } = state.evaluate(word);
      if (/^https?:/.test(value)) state.recorder.wrote(lastOf(value.replace(/[?#].*$/, "")), state.cwd);
    }
  }
  for (const word of operandsOf(words))
    if (/^https?:/.test(state.evaluate(word).value)) enterValue(state, word);
}

/** A bare name is no path to look at, yet it is made here. */
function noteMade(state: ShellState, word: Word): void {
  // Where a script starts from anywhere, a bare name would stand for folders of that name all over.
  const { cwd, image } = state.recorder.start;
  if (cwd === undefined && image === undefined) return;
  const { value } = state.evaluate(word);
  if (/^[\w.-]+\/?$/.test(value) && !/^\.+\/?$|^[0-7]{3,4}$/.test(value))
    state.recorder.wrote(value.replace(/\/$/, ""), state.cwd);
}

/** `cp a.py folder/` makes a file in a folder that is there; `cp a.py b.py` makes the operand. */
function enterTarget(state: ShellState, word: Word, sources: readonly Word[], name: string): void {
  const { value } = state.evaluate(word);
  const isFolder = value.endsWith("/");
  enterValue(state, word, {
    use: isFolder ? "read" : "write",
    key: name,
    ...(isFolder ? { strength: "weak" as const } : {}),
  });
  if (!isFolder) return;
  for (const source of sources) {
    const base = lastOf(state.evaluate(source).value);
    if (base !== unknown && base !== "" && !/[*?]/.test(base))
      state.recorder.wrote(`${value}${base}`, state.cwd);
    // What a pattern brings into a folder of an image is not known here.
    else if (/[*?]/.test(base) && state.recorder.start.image !== undefined)
      state.recorder.wrote(value.replace(/\/+$/, ""), state.cwd);
  }
}

function copy(state: ShellState, name: string, words: readonly Word[]): void {
  const operands = operandsOf(words);
  const last = operands.at(-1);
  for (const word of operands) {
    if (/:/.test(bareStart(word))) continue;
    if (word === last && operands.length > 1) enterTarget(state, word, operands.slice(0, -1), name);
    else enterValue(state, word, { use: "read", key: name });
  }
}

/** The folders that `find` walks: its operands before the first test. */
function findFolders(words: readonly Word[]): Word[] {
  const first = words.findIndex(
    (word) => /^[-(!]/.test(bareStart(word)) && !/^-[HLP]$/.test(bareStart(word)),
  );
  return first < 0 ? [...words] : words.slice(0, first);
}

/** Runs the command word's own rule. `words` are those after the command. */
function dispatch(state: ShellState, name: string, words: readonly Word[], nested: Nested): void {
  const first = words[0];
  const verb = first === undefined ? "" : state.evaluate(first).value;
  if (/^(?:conda|mamba|micromamba)$/.test(name) && verb === "run") {
    let at = 1;
    while (at < words.length && bareStart(words[at] as Word).startsWith("-"))
      at += /^(?:-n|--name|-p|--prefix|--cwd)$/.test(bareStart(words[at] as Word)) ? 2 : 1;
    if (at < words.length) runCommand(state, words.slice(at), nested);
  } else if (name === "pip" || name === "pip3" || /^pip3?\.\d+$/.test(name)) {
    if (verb === "install" || verb === "wheel" || verb === "download") installPython(state, words.slice(1));
  } else if (verb === "-m" && words.length > 2 && literalOf(words[1] as Word) === "pip") {
    installPython(state, words.slice(3));
  } else if (verb === "-m" && words.length > 2 && literalOf(words[1] as Word) === "wget") {
    download(state, "wget", words.slice(2));
  } else if (name === "uv" && (verb === "pip" || verb === "sync" || verb === "add")) {
    installPython(state, words.slice(1));
  } else if (name === "docker" || name === "podman" || name === "nvidia-docker" || name === "buildah") {
    if (verb === "build") buildImage(state, words.slice(1));
    else if (verb === "buildx" || verb === "image") buildImage(state, words.slice(2));
    else if (verb === "compose") runTool(state, "docker-compose", words.slice(1));
    else if (verb === "run" || verb === "create") enterMounts(state, words.slice(1));
    else if (verb === "cp") enterArguments(state, words.slice(1));
  } else if (name === "git") runGit(state, words);
  else if (name === "wget" || name === "curl") download(state, name, words);
  else if (name === "aws" || name === "gsutil" || name === "rclone" || name === "s5cmd") {
    for (const word of words) {
      const { value } = state.evaluate(word);
      if (argumentShape(value) !== "maybe") enterValue(state, word, { key: name, strength: "weak" });
    }
  } else if (copiers.has(name)) copy(state, name, words);
  else if (writers.has(name)) {
    enterArguments(state, operandsOf(words), { use: "write", key: name });
    for (const word of operandsOf(words)) noteMade(state, word);
  } else if (name === "test" || name === "[") {
    for (const word of operandsOf(words)) {
      const { value } = state.evaluate(word);
      if (argumentShape(value) !== undefined) state.recorder.tested(value, state.cwd);
    }
    enterArguments(state, operandsOf(words), { key: "test", strength: "weak" });
  } else if (name === "rm" || name === "rmdir")
    enterArguments(state, operandsOf(words), { key: name, strength: "weak" });
  else if (programFirst.has(name)) {
    const script = words.findIndex((word) => !/^-./.test(bareStart(word)));
    if (script >= 0) enterArguments(state, operandsOf(words.slice(script + 1)), { key: name });
  } else if (name === "tar") {
    state.recorder.session.hasUnpacked = true;
    optionValue(
      state,
      words,
      /^-?[a-zA-Z]*f$/,
      words.some((word) => /^-?[a-zA-Z]*c[a-zA-Z]*f?$/.test(bareStart(word))),
    );
  } else if (readers.has(name)) {
    if (name === "find") return enterArguments(state, findFolders(words), { key: name });
    if (name === "unzip") state.recorder.session.hasUnpacked = true;
    enterArguments(state, operandsOf(words), { key: name });
  } else if (runTool(state, name, words)) return;
  else if (checkers.has(name)) check(state, words);
  else launch(state, name, words, nested);
}

/** Sourced files that each user writes, or that a tool makes: none is committed. */
const madeByUsers = /(?:^|\/)(?:bin|Scripts)\/activate|(?:^|[/._-])env(?:_?vars?)?(?:\.sh)?$|\.env$/;

/** `: "${CONFIG:=conf/a.yaml}"` sets what is not set. */
function enterDefaults(state: ShellState, words: readonly Word[]): void {
  for (const word of words) {
    const [part] = word.parts;
    if (word.parts.length !== 1 || part?.type !== "variable" || !/^:?=$/.test(part.operation)) continue;
    const origin = enterValue(state, word, { key: part.name, kind: "value" });
    if (state.variables.has(part.name)) continue;
    state.set(part.name, state.evaluate(word).value);
    if (origin !== undefined) state.origins.set(part.name, { mention: origin, cwd: state.cwd });
  }
}

/** A command with its assignments and wrappers taken off. */
export function runCommand(state: ShellState, all: readonly Word[], nested: Nested): void {
  const environment: [name: string, value: string][] = [];
  let at = 0;
  let wrapped = 0;
  let name = "";
  for (; at < all.length; at += 1) {
    const word = all[at] as Word;
    const split = splitAssignment(word);
    if (split !== undefined && !split.option && /^\w+$/.test(split.name)) {
      environment.push([split.name, state.evaluate(split.value).value]);
      if (isSearchPath(split.name)) enterSearchPath(state, split.name, split.value);
      else enterValue(state, split.value, { key: split.name, kind: "value" });
      continue;
    }
    const { value } = state.evaluate(word);
    name = lastOf(value.split(/[ \t\n]/)[0] ?? "");
    const takes = prefixes.get(name);
    if (takes === undefined || at + 1 >= all.length) break;
    wrapped += 1;
    while (at + 1 < all.length && bareStart(all[at + 1] as Word).startsWith("-")) {
      at += takes.has(bareStart(all[at + 1] as Word)) ? 2 : 1;
    }
    if (name === "timeout" || name === "nice") at += /^\d/.test(bareStart(all[at + 1] ?? word)) ? 1 : 0;
  }
  const command = all[at];
  if (command === undefined) return;
  const words = all.slice(at + 1);
  const { value } = state.evaluate(command);
  if (state.functions.has(value)) {
    if (/^(?:log|info|warn|error|die|fail|usage|msg|print|debug|abort|echo)/.test(value))
      enterMessage(state, words);
    else enterArguments(state, words);
    return;
  }
  if (value === "cd" || value === "pushd" || value === "popd") {
    const [folder] =
      operandsOf(words).length > 0 ? operandsOf(words) : words.filter((word) => bareStart(word) === "-");
    const target = folder === undefined ? undefined : state.evaluate(folder).value;
    if (folder !== undefined && value !== "popd" && target !== "-")
      enterValue(state, folder, { certain: target !== ".", key: value, strength: "soft", kind: "command" });
    state.changeFolder(value === "cd" && folder === undefined ? "~" : target, value);
    return;
  }
  if (value === "source" || value === ".") {
    const [file] = words;
    const target = file === undefined ? "" : state.evaluate(file).value;
    const foreign = target.startsWith("/") || target === unknown || madeByUsers.test(target);
    if (file !== undefined)
      enterValue(state, file, {
        certain: argumentShape(target) !== undefined,
        strength: foreign ? (madeByUsers.test(target) ? "soft" : "weak") : "hard",
        kind: "source",
        use: "run",
      });
    return;
  }
  if (value === ":") return enterDefaults(state, words);
  if (value === "echo" || value === "printf") return enterMessage(state, words);
  if (wordless.has(value)) {
    if (!/^(?:echo|printf|:|true|false|exit|return|read|set|unset|let|alias|trap|hash|type)$/.test(value))
      listCommand(state, all, environment);
    return;
  }
  const isPath = /^(?:\.{1,2}\/|[\u0001\w.-]+\/|\u0001)/.test(value) && soleVariable(command) === undefined;
  if (isPath && argumentShape(value) !== undefined) {
    const hasSuffix = /\.\w+$/.test(value);
    const made =
      (state.recorder.session.hasUnpacked && !hasSuffix) ||
      /^(?:\.venv|venv|build|node_modules|dist|bin|target|bazel-bin)\//.test(value.replace(/^\.\//, ""));
    enterValue(state, command, {
      certain: true,
      kind: "command",
      use: "run",
      strength: made || value.includes(unknown) ? "weak" : "hard",
    });
  } else if (value.startsWith("/") && /\.(?:py|sh)$/.test(value)) {
    enterValue(state, command, { kind: "command", use: "run", strength: "soft" });
  } else if (/\.(?:py|sh)$/.test(value) && !value.includes("/")) {
    enterValue(state, command, { kind: "command", use: "run", strength: "soft" });
  } else if (/[ \t]/.test(value))
    name = lastOf(
      value
        .split(/[ \t]/)
        .filter((one) => one !== "" && !one.startsWith("-"))
        .at(-1) ?? "",
    );
  if (isListed(name) || isPath || wrapped > 0) listCommand(state, all, environment);
  if (isPath) enterArguments(state, words);
  else dispatch(state, name, words, nested);
}

const plainTools = /^(?:rm|rmdir|test|\[|tar|wget|curl|xargs)$/;

function isListed(name: string): boolean {
  return (
    launchers.has(name) ||
    !(
      readers.has(name) ||
      writers.has(name) ||
      copiers.has(name) ||
      programFirst.has(name) ||
      plainTools.test(name)
    )
  );
}

function listCommand(
  state: ShellState,
  all: readonly Word[],
  environment: readonly [name: string, value: string][],
): void {
  const values: string[] = [];
  for (const word of all) {
    const { value } = state.evaluate(word);
    // An unquoted variable falls into its words, as the shell does it.
    if (soleVariable(word) !== undefined && /[ \t\n]/.test(value) && word.parts[0]?.quote === "")
      values.push(...value.split(/[ \t\n]+/).filter((one) => one !== ""));
    else values.push(value);
  }
  let first = 0;
  while (first < all.length && /^\w+=/.test(bareStart(all[first] as Word))) first += 1;
  const given = [...state.exported, ...environment];
  state.recorder.command(all, values.slice(first), state.cwd, given);
  enterStartedModule(state, all, values.slice(first), given);
}
