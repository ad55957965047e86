import { utf8Of } from "../byte-text.ts";
import { startedModule } from "../entries/started-module.ts";
import { hole, type CommandMention, type Mention } from "../schema.ts";
import type { MentionSink } from "./mention-sink.ts";
import { shapeOf } from "./path-shapes.ts";
import { pathTextOf } from "./string-literals.ts";
import { isContainer, type Value } from "./values.ts";

const quoted = /"((?:[^"\\]|\\.)*)"|'([^']*)'|[^\s"']+/g;

/** Words of a shell command line; quotes are taken off, variables and operators stay as written. */
export function splitCommand(text: string): string[] {
  const words: string[] = [];
  let end = -1;
  for (const match of text.matchAll(quoted)) {
    const part = match[1] ?? match[2] ?? match[0];
    if (match.index === end && words.length > 0) words[words.length - 1] += part;
    else words.push(part);
    end = match.index + match[0].length;
  }
  return words;
}

const starters =
  /^(?:sudo|nohup|time|env|python[\d.]*|\{…\}|torchrun|deepspeed|accelerate|horovodrun|mpirun|mpiexec|srun|sbatch|uv|poetry|conda|bash|sh|make|docker|uvicorn|gunicorn|streamlit|\.\/\S+|\S+\.(?:py|sh))$/;

const wordOf = (value: Value): string =>
  value.base === "file" ? `{file}/${pathTextOf(value)}` : pathTextOf(value);

/** The commands in a value given to `os.system`, `subprocess.run` and the like, one for each part between operators. */
export function commandsOf(value: Value): CommandMention[] {
  const words = isContainer(value)
    ? (value.items ?? []).map((one) => (one === undefined || isContainer(one) ? hole : wordOf(one)))
    : splitCommand(wordOf(value));
  const [start, end] = spanOf(value);
  if (start === undefined || end === undefined) return [];
  const commands: CommandMention[] = [];
  let from = 0;
  let cwd: string | undefined;
  for (let at = 0; at <= words.length; at++) {
    const word = words[at];
    if (word !== undefined && !/^(?:&&|\|\|?|;|&)$/.test(word)) continue;
    const part = words.slice(from, at);
    from = at + 1;
    const environment: Record<string, string> = {};
    while (/^[A-Za-z_]\w*=/.test(part[0] ?? "")) {
      const [name, ...rest] = (part.shift() as string).split("=");
      environment[name as string] = rest.join("=");
    }
    if (part[0] === "cd" && part[1] !== undefined) cwd = part[1];
    else if (part.length > 1 && starters.test(part[0] as string)) {
      commands.push({
        start,
        end,
        line: 0,
        // `[sys.executable, "x.py"]`
        words: part[0] === hole && /^-m$|\.py$/.test(part[1] as string) ? ["python", ...part.slice(1)] : part,
        ...(cwd === undefined ? {} : { cwd }),
        cwdBase: "root",
        environment,
      });
    }
  }
  return commands;
}

function spanOf(value: Value): [number | undefined, number | undefined] {
  const pieces = [value, ...(value.items ?? [])].flatMap((one) => one?.pieces ?? []);
  if (pieces.length === 0) return [undefined, undefined];
  return [Math.min(...pieces.map((one) => one.start)), Math.max(...pieces.map((one) => one.end))];
}

const script = /\.(?:py|sh|bash|ipynb|js|ts|pl|R|sbatch|slurm)$/;
const interpreter = /^(?:python[\d.]*|bash|sh|torchrun|source|\.)$/;

/** The module that a command starts, as a mention, where it stands whole in one literal. */
function modulesOf(value: Value, text: string, sink: MentionSink): Mention[] {
  const found: Mention[] = [];
  for (const { words, environment, cwd } of commandsOf(value)) {
    const started = startedModule(words, environment);
    if (started === undefined) continue;
    const { name } = started;
    if (isContainer(value)) {
      const item = (value.items ?? []).find(
        (one) => one !== undefined && !isContainer(one) && pathTextOf(one) === name,
      );
      if (item !== undefined) sink.enter(item, { strength: "soft", use: "run", kind: "module" });
      continue;
    }
    const [piece] = value.pieces;
    if (piece === undefined || value.pieces.length > 1) continue;
    const at = indexOfWord(text.slice(piece.start, piece.end), name);
    if (at < 0) continue;
    const start = piece.start + at;
    found.push({
      start,
      end: start + name.length,
      line: 0,
      raw: name,
      path: name,
      kind: "module",
      strength: "soft",
      use: "run",
      bases: [{ kind: "root" }, { kind: "package" }, { kind: "file" }],
      encoding: "dotted",
      ...(cwd === undefined ? {} : { folders: [cwd] }),
    });
  }
  return found;
}

/** Where a word stands in a text, blanks or ends around it; -1 if it does not. */
function indexOfWord(text: string, word: string): number {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    const [before, after] = [text[at - 1], text[at + word.length]];
    if ((before === undefined || /\s/.test(before)) && (after === undefined || /[\s;&|"']/.test(after)))
      return at;
  }
  return -1;
}

/** Enters the paths of a command: the script must exist, other words may be paths. */
export function enterCommandPaths(value: Value, text: string, sink: MentionSink): Mention[] {
  const modules = modulesOf(value, text, sink);
  if (isContainer(value)) {
    for (const [position, item] of (value.items ?? []).entries()) {
      if (item === undefined || isContainer(item)) continue;
      const path = pathTextOf(item);
      const isScript = script.test(path) && position < 4 && !/\s/.test(path);
      if (isScript) sink.enter(item, { strength: "hard", use: "run", kind: "command" });
      else if (shapeOf(path, "") !== "no") sink.enter(item, { strength: "soft", kind: "argument" });
    }
    return modules;
  }
  const mentions: Mention[] = modules;
  const [piece] = value.pieces;
  if (piece === undefined || value.pieces.length > 1) return mentions;
  const content = text.slice(piece.start, piece.end);
  let before = "";
  for (const match of content.matchAll(/[^\s"'`;&|<>=()$\\]+/g)) {
    const raw = match[0];
    const isRun = script.test(raw) && (before === "" || interpreter.test(before) || raw.startsWith("./"));
    const isDynamic = /[{}]/.test(raw);
    if (isRun || shapeOf(utf8Of(raw), "") === "path") {
      const start = piece.start + match.index;
      mentions.push({
        start,
        end: start + raw.length,
        line: 0,
        raw: utf8Of(raw),
        path: isDynamic ? utf8Of(raw).replaceAll(/\{[^{}]*\}/g, hole) : utf8Of(raw),
        kind: isRun ? "command" : "argument",
        strength: isRun && !isDynamic ? "hard" : "soft",
        bases: [{ kind: "file" }, { kind: "package" }, { kind: "root" }],
        ...(isRun ? { use: "run" as const } : {}),
        encoding: "python",
      });
    }
    before = raw;
  }
  return mentions;
}
