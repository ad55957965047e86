import { appendAll } from "../structure/append.ts";
import { latin1Of, utf8Of } from "../byte-text.ts";
import type { Mention } from "../schema.ts";
import { scanShell } from "../shell/index.ts";
import { fileBase, type MentionList } from "./mention-list.ts";
import { isFileName, isSureFileName, pathLength, pathShape } from "./path-shape.ts";
import { isTellingAddress } from "./web-address.ts";

/** A string of a data format: where its text stands, what it means, and the keys above it. */
export type ValuePlace = {
  /** Span of the text without its quotes. */
  start: number;
  end: number;
  /** The text as latin1, escapes resolved. */
  value: string;
  keys: readonly string[];
  encoding: "json" | "yaml" | "toml" | "plain";
  heading?: string;
  remark?: string;
  /** Offset of the list that holds it. */
  group?: number;
};

const commandKey =
  /^(?:commands?|cmds?|run|scripts?|entry_?points?|args|exec|shell|before_script|after_script|setup|install|build|test|launch|start|pre|post|preprocess|\w+_(?:command|cmd|script))$/i;
const pathKey =
  /(?:^|[_.-])(?:dirs?|paths?|folders?|files?|root|cwd|directory|directories|location|work_?dir|wdir)$/i;
const command =
  /^(?:[A-Z_]+=\S+ +)*(?:sudo +)?(?:\.{0,2}\/[\w./-]+\.(?:sh|py)|python[\d.]*|bash|sh|zsh|torchrun|accelerate|deepspeed|srun|sbatch|mpirun|uv|poetry|conda|make|pytest|pip3?|source|cd|node|npm|npx|docker|horovodrun|streamlit|uvicorn|gunicorn|ray)(?: |$)/;
const address = /^[a-zA-Z][a-zA-Z0-9+.-]{1,20}:\/\//;

const extras = (place: ValuePlace): Partial<Mention> => ({
  ...(place.keys.length === 0 ? {} : { key: utf8Of(place.keys.join(".")) }),
  ...(place.heading === undefined ? {} : { heading: place.heading }),
  ...(place.remark === undefined || place.remark === "" ? {} : { remark: place.remark }),
  ...(place.group === undefined ? {} : { group: place.group }),
});

/** Enters the mentions of one string value: a path, an address, a command, or paths among prose. */
export function addValue(list: MentionList, place: ValuePlace): void {
  const { start, end, encoding } = place;
  let { value } = place;
  if (value.length < 1 || value.length > 100_000) return;
  const key = place.keys.at(-1) ?? "";
  const isVerbatim = end - start === value.length && list.text.slice(start, end) === value;
  if (/[ \t\n]/.test(value)) {
    if (isVerbatim && (command.test(value) || (commandKey.test(key) && value.includes("\n"))))
      addCommand(list, start, value);
    else addProse(list, place, isVerbatim);
    return;
  }
  if (value.length > 400 || value.length < 2) return;
  if (address.test(value)) {
    const isWeb =
      /^(?:https?|git\+https?|ssh|ws|wss|grpc|tcp|redis|postgres\w*|mysql|mongodb|amqp|unix|docker):/i.test(
        value,
      );
    if (isWeb && !isTellingAddress(value)) return;
    list.add({
      start,
      end,
      path: utf8Of(value),
      kind: "url",
      strength: "soft",
      bases: [],
      encoding,
      ...extras(place),
    });
    return;
  }
  if (value.includes(",") && !/[{}[\]]/.test(value) && isVerbatim) {
    let at = start;
    for (const part of value.split(",")) {
      if (part.includes("/") || isSureFileName(part))
        addValue(list, { ...place, start: at, end: at + part.length, value: part });
      at += part.length + 1;
    }
    return;
  }
  const stop = isVerbatim ? pathLength(value) : value.length;
  const isCut = stop < value.length;
  value = value.slice(0, stop);
  const shape = pathShape(value);
  const common = {
    start,
    end: isCut ? start + stop : end,
    path: utf8Of(value).replaceAll("\\", "/"),
    kind: "value" as const,
    encoding,
    ...extras(place),
    ...(/[*?]|\{[^{}]*,[^{}]*\}/.test(value) ? { glob: true } : {}),
  };
  if (/(?:^|\.)_base_(?:$|\.)/i.test(place.keys.join(".")) && (shape !== undefined || isFileName(value))) {
    list.add({ ...common, kind: "include", strength: "hard", bases: fileBase, use: "read" });
  } else if (shape === "file") {
    if (value.includes("/") || isSureFileName(value) || pathKey.test(key))
      list.add({ ...common, strength: "soft" });
  } else if (shape === "folder") list.add({ ...common, strength: "soft" });
  else if (shape === "maybe") {
    if (!/^@|^[\w./-]+:[\w.-]+$|^application\/|^text\/|^image\/|^audio\/|^video\//.test(value))
      list.add({ ...common, strength: pathKey.test(key) ? "soft" : "weak" });
  } else if (
    pathKey.test(key) &&
    /^\.?[\w\u0080-\u00ff][\w.\u0080-\u00ff-]*$/.test(value) &&
    /[A-Za-z]/.test(value)
  ) {
    if (!/^(?:true|false|null|none|auto|default|yes|no)$/i.test(value))
      list.add({ ...common, strength: "weak" });
  }
}

function addCommand(list: MentionList, start: number, text: string): void {
  const scan = scanShell(text, { offset: start, lineOf: list.lineOf });
  // The folder that a config's command runs in is its reader's to say.
  for (const mention of scan.mentions) {
    list.mentions.push(mention.strength === "hard" ? { ...mention, strength: "soft" } : mention);
  }
  appendAll(list.commands, scan.commands);
  appendAll(list.writes, scan.writes);
  appendAll(list.builds, scan.builds);
}

/** A run of strings that is one command, each word a value of its own (`["python", "train.py"]`). */
export function addCommandWords(list: MentionList, words: readonly ValuePlace[]): void {
  const [first] = words;
  const last = words.at(-1);
  if (first === undefined || last === undefined || words.length < 2) return;
  if (!commandKey.test(first.keys.at(-1) ?? "") || !command.test(`${first.value} `)) return;
  list.commands.push({
    start: first.start,
    end: last.end,
    line: list.lineOf(first.start),
    words: words.map(({ value }) => utf8Of(value)),
    cwdBase: "file",
    environment: {},
  });
}

/** Paths with a folder and a suffix among the words of a text. */
function addProse(list: MentionList, place: ValuePlace, isVerbatim: boolean): void {
  if (!isVerbatim || place.value.length > 5000) return;
  for (const match of place.value.matchAll(/[^ \t\r\n"'`()<>,;|]+/g)) {
    const word = match[0].slice(0, pathLength(match[0]));
    if (!word.includes("/") || word.length < 5 || address.test(word)) continue;
    if (pathShape(word) !== "file") continue;
    const start = place.start + match.index;
    list.add({
      start,
      end: start + word.length,
      kind: "text",
      strength: "weak",
      encoding: place.encoding,
      ...extras(place),
    });
  }
}

/** A key that names a file (`"data/train.json": {…}`). */
export function addKey(list: MentionList, place: ValuePlace): void {
  const { start, end, value } = place;
  if (end - start !== value.length || value.length > 300 || /^[@^]/.test(value)) return;
  const shape = pathShape(value);
  if (shape !== "file" && shape !== "folder") return;
  if (!value.includes("/") && !(value.includes(".") && isSureFileName(value))) return;
  list.add({
    start,
    end,
    kind: "key",
    strength: "soft",
    encoding: place.encoding,
    ...extras({ ...place, keys: place.keys.slice(0, -1) }),
    ...(/[*?]/.test(value) ? { glob: true } : {}),
  });
}

/** `a.b.Class` of a `_target_`, or `file.Class` of an `auto_map`: a module of this repository, perhaps. */
export function addModule(list: MentionList, place: ValuePlace): boolean {
  const { start, value, keys } = place;
  const joined = keys.join(".");
  if (/(?:^|\.)auto_map(?:\.|$)/.test(joined) && /^[\w-]+\.\w+$/.test(value)) {
    const name = value.slice(0, value.indexOf("."));
    list.add({
      start,
      end: start + name.length,
      path: `${utf8Of(name)}.py`,
      kind: "module",
      strength: "hard",
      bases: fileBase,
      use: "import",
      encoding: "dotted",
      ...extras(place),
    });
    return true;
  }
  if (!/^(?:_target_|class_path|_partial_target_|target|type|import_path|callable)$/.test(keys.at(-1) ?? ""))
    return false;
  if (!/^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+$/.test(value) || isSureFileName(value)) return false;
  list.add({
    start,
    end: place.end,
    path: latin1Of(utf8Of(value)),
    kind: "module",
    strength: keys.at(-1) === "_target_" ? "soft" : "weak",
    use: "import",
    encoding: "dotted",
    ...extras(place),
  });
  return true;
}

/** Enters a value by its key: a module, a path, an address, a command. */
export function addAnyValue(list: MentionList, place: ValuePlace): void {
  if (!addModule(list, place)) addValue(list, place);
}

/** A text of several lines: commands under a key that runs them, else prose. */
export function addBlock(list: MentionList, place: ValuePlace): void {
  const isCommand =
    place.keys.slice(-2).some((key) => commandKey.test(key)) || /^[ \t]*#!.*sh\b/.test(place.value);
  if (isCommand) addCommand(list, place.start, place.value);
  else addProse(list, place, true);
}

/**
 * A file that a config includes: by `!include` (the path itself), or as an entry of Hydra's `defaults` (`defaults` and
 * the group are its `keys`; the suffix is left out).
 */
export function addInclude(list: MentionList, place: ValuePlace, keys: readonly string[] | undefined): void {
  const { start, end } = place;
  let { value } = place;
  if (keys !== undefined) {
    const group = (keys[1] ?? "").replace(/^(?:override|optional) +/, "").replace(/@.*$/, "");
    if (
      value === "_self_" ||
      value === "null" ||
      group.startsWith("hydra/") ||
      /[ \t]|^override\b/.test(value)
    )
      return;
    value = value.replace(/@.*$/, "");
    const folder = group === "" ? "" : `${group.replace(/^\//, "")}/`;
    const path = utf8Of(`${folder}${value}${/\.ya?ml$/.test(value) ? "" : ".yaml"}`);
    if (/^[\w./@+-]+$/.test(value)) {
      list.add({
        start,
        end: start + value.length,
        path,
        kind: "include",
        strength: "soft",
        bases: fileBase,
        use: "read",
        encoding: place.encoding,
        ...extras(place),
        key: "defaults",
      });
    } else if (value.includes("${"))
      list.add({
        start,
        end,
        path,
        kind: "include",
        strength: "soft",
        bases: fileBase,
        use: "read",
        encoding: place.encoding,
        ...extras(place),
      });
    return;
  }
  if (pathShape(value) === undefined && !isFileName(value)) return;
  list.add({
    start,
    end,
    path: utf8Of(value),
    kind: "include",
    strength: "hard",
    bases: fileBase,
    use: "read",
    encoding: place.encoding,
    ...extras(place),
  });
}
