import type { Base, Mention } from "../schema.ts";
import type { Scalar } from "../structure/scalar.ts";
import type { SpecialReader } from "../structure/special-reader.ts";

/** Modules lie below the project's folder, or below its `src`. */
const moduleBases: readonly Base[] = [{ kind: "file" }, { kind: "package" }, { kind: "root" }];
const dotted = /^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*$/;

/** `package.module:attribute`: the module. */
export function enterModule(
  reader: SpecialReader,
  scalar: Scalar,
  key: string,
  use: Mention["use"] = "run",
): void {
  reader.claim(scalar);
  const name = /^[\w.]+/.exec(scalar.value)?.[0] ?? "";
  if (!scalar.isVerbatim || !dotted.test(name)) return;
  reader.path(
    { start: scalar.start, end: scalar.start + name.length },
    { kind: "module", strength: "soft", use: use ?? "run", key, encoding: "dotted", bases: moduleBases },
  );
}

/** A package by its dotted name, which is a folder; `pkg*` and `*` are patterns. */
export function enterPackage(
  reader: SpecialReader,
  scalar: Scalar,
  key: string,
  strength: Mention["strength"],
): void {
  reader.claim(scalar);
  const name = scalar.value;
  if (/[/\\]/.test(name)) {
    reader.scalar(scalar, { kind: "value", strength, use: "read", key, bases: [{ kind: "file" }] });
    return;
  }
  if (!/^[\w.*]+$/.test(name) || /^[*.]+$/.test(name)) return;
  reader.path(scalar, {
    kind: "module",
    strength: name.includes("*") ? "weak" : strength,
    use: "read",
    key,
    encoding: "dotted",
    path: name,
    bases: moduleBases,
  });
}

const literal =
  /(?:^|[|(^ \t\n]|\(\?:)\^?((?:[\w-]|\\{0,2}[./]|\\{1,2}-)+\/(?:(?:[\w-]|\\{0,2}[./]|\\{1,2}-)+)?)/g;

/** `(a|b)/`: each alternative is a folder. */
const folders = /\^?\((?:\?:)?([\w-]+(?:\|(?:[\w-]|\\{0,2}\.)+)+)\)\//g;
/** One file's name, with its suffix. */
const files = /(?:^|[|(^])\^?([\w-]+\\{0,2}\.(?:py|md|ipynb|txt|json|ya?ml|toml|cfg|lock))(?=$|[|)$])/g;

/** The paths that stand letter for letter in a regular expression: `^(docs/|third_party/x/)`. */
export function enterRegex(reader: SpecialReader, scalar: Scalar, key: string): void {
  reader.claim(scalar);
  // As it stands: a string may double the backslashes.
  const written = reader.text.slice(scalar.start, scalar.end);
  if (written.length > 10_000) return;
  const enter = (start: number, text: string): void => {
    const path = text.replace(/\\{1,2}([./-])/g, "$1");
    reader.path(
      { start, end: start + text.length },
      {
        kind: "pattern",
        strength: "soft",
        key,
        path,
        encoding: "regex",
        glob: false,
        bases: [{ kind: "file" }, { kind: "root" }],
      },
    );
  };
  for (const { 1: list = "", index } of written.matchAll(folders)) {
    let at = scalar.start + index + written.slice(index).indexOf("(") + 1;
    if (written.startsWith("?:", at - scalar.start)) at += 2;
    for (const name of list.split("|")) {
      if (!/[\\/]/.test(name) || name.includes("\\.")) enter(at, name);
      at += name.length + 1;
    }
  }
  for (const { 1: name = "", index, 0: whole } of written.matchAll(files))
    enter(scalar.start + index + whole.length - name.length, name);
  for (const { 0: whole, 1: found = "", index } of written.matchAll(literal)) {
    let text = found;
    // A quantifier belongs to the letter before it.
    const next = written.charAt(index + whole.length);
    if (/[*+?{]/.test(next)) text = text.slice(0, text.lastIndexOf("/") + 1);
    // `.` alone stands for any letter, where a suffix is meant all the same.
    if (!/[\w]/.test(text) || text.startsWith("/")) continue;
    enter(scalar.start + index + whole.length - found.length, text);
  }
}
