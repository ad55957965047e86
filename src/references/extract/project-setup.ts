import { enterModule, enterPackage } from "../project/names.ts";
import { ownFolder } from "../project/rules.ts";
import type { Extractor } from "../schema.ts";
import type { Scalar } from "../structure/scalar.ts";
import { SpecialReader } from "../structure/special-reader.ts";
import { python } from "./python.ts";

const keyword =
  /\b(packages|py_modules|scripts|package_dir|package_data|data_files|entry_points|ext_modules|sources|include_dirs|license_files|find_packages|find_namespace_packages)[ \t]*(?:=[ \t]*([[{(])|(\())/g;

type Text = { value: string; start: number; end: number; at: number; isKey: boolean };

/** setup.py, read by its letters alone: packages, scripts, entry points, data, sources. */
export const setupPy: Extractor = {
  format: "setup-py",
  version: 1,
  matches: (path) => /(?:^|\/)setup\.py$/.test(path),
  extract(text, path) {
    const reader = new SpecialReader(text);
    for (const match of text.matchAll(keyword)) {
      const open = match.index + match[0].length - 1;
      readArgument(reader, match[1] as string, stringsOf(text, open), match[3] !== undefined);
    }
    return reader.done(python.extract(text, path));
  },
};

/** The string literals between a bracket and the one that closes it. `at`: the letters before each one, for keywords. */
function stringsOf(text: string, open: number): Text[] {
  const found: Text[] = [];
  let depth = 0;
  for (let at = open; at < text.length && at - open < 50_000; at += 1) {
    const letter = text.charAt(at);
    if (letter === "[" || letter === "{" || letter === "(") depth += 1;
    else if (letter === "]" || letter === "}" || letter === ")") {
      depth -= 1;
      if (depth === 0) break;
    } else if (letter === "#") {
      const line = text.indexOf("\n", at);
      if (line < 0) break;
      at = line;
    } else if (letter === '"' || letter === "'") {
      const mark = text.startsWith(letter.repeat(3), at) ? letter.repeat(3) : letter;
      const close = text.indexOf(mark, at + mark.length);
      if (close < 0) break;
      const end = close + mark.length;
      const isPlain = !/[fFbB]/.test(text.charAt(at - 1)) && !text.slice(at, close).includes("\\");
      const isKey = /^[ \t]*:/.test(text.slice(end, end + 20));
      if (isPlain)
        found.push({
          value: text.slice(at + mark.length, close),
          start: at + mark.length,
          end: close,
          at,
          isKey,
        });
      at = end - 1;
    }
  }
  return found;
}

function readArgument(reader: SpecialReader, name: string, strings: readonly Text[], isCall: boolean): void {
  let key = "";
  for (const { value, start, end, at, isKey } of strings) {
    const scalar: Scalar = {
      keys: [name],
      start,
      end,
      value,
      isVerbatim: true,
      isBlock: false,
      document: 0,
      encoding: "plain",
    };
    const meaning = {
      kind: "value",
      strength: "hard",
      use: "read",
      key: name,
      encoding: "python",
      bases: ownFolder,
    } as const;
    if (isKey) {
      key = value;
      reader.claim(scalar);
      continue;
    }
    if (name.startsWith("find_")) {
      // `find_packages("src", exclude=["tests"])`: the folder is the first operand, or `where`.
      const before = reader.text.slice(Math.max(0, at - 40), at);
      if (isCall && /(?:\(|where[ \t]*=)[ \t\n]*$/.test(before)) enterFolder(reader, scalar, meaning);
      else reader.claim(scalar);
    } else if (name === "packages") enterPackage(reader, scalar, name, "hard");
    else if (name === "py_modules") enterModule(reader, scalar, name, "import");
    else if (name === "entry_points") enterEntryPoints(reader, scalar, name);
    else if (name === "package_dir") enterFolder(reader, scalar, meaning);
    else if (name === "package_data") {
      const folder = key.replaceAll(".", "/");
      if (/[*?]/.test(value) && !/[/]/.test(value) && folder === "") reader.claim(scalar);
      else
        reader.scalar(scalar, {
          ...meaning,
          kind: "pattern",
          strength: "soft",
          ...(folder === "" ? {} : { path: `${folder}/${value}`, prefix: folder }),
        });
    } else if (name === "ext_modules") {
      if (/\.(?:c|cc|cpp|cu|pyx|cxx|m|mm)$/.test(value)) reader.scalar(scalar, meaning);
    } else if (/[./]/.test(value)) {
      const isSure = name === "scripts" || name === "sources";
      reader.scalar(scalar, { ...meaning, strength: isSure ? "hard" : "soft" });
    }
  }
}

function enterFolder(
  reader: SpecialReader,
  scalar: Scalar,
  meaning: Parameters<SpecialReader["path"]>[1],
): void {
  if (scalar.value === "" || scalar.value === ".") reader.claim(scalar);
  else reader.scalar(scalar, meaning);
}

/** `run = pkg.cli:main`, one a string or a line. */
function enterEntryPoints(reader: SpecialReader, scalar: Scalar, key: string): void {
  for (const { 0: line, index } of scalar.value.matchAll(/[^\n]+/g)) {
    const lead = /^[^=\n]*=[ \t]*/.exec(line)?.[0].length;
    if (lead === undefined) continue;
    const start = scalar.start + index + lead;
    enterModule(
      reader,
      { ...scalar, start, end: scalar.start + index + line.length, value: line.slice(lead) },
      key,
      "run",
    );
  }
  reader.claim(scalar);
}
