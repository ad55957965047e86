import { folderOf, nameOf } from "./cause-paths.ts";
import type { Draft, FindingContext } from "./schema.ts";
import { code, count, listed, quoted } from "./words.ts";

// What editors, merges and operating systems leave behind.
const leftover =
  /^(?:\.DS_Store|Thumbs\.db|desktop\.ini|\._.+|.+~|.+\.(?:orig|rej|bak|swp|swo|pyc|pyo)|#.+#|Untitled\d*\.ipynb)$/;

/** `file-leftover`: one finding for each kind of leftover in a top folder. */
export function leftoverFiles(context: Pick<FindingContext, "files">): Draft[] {
  const kinds = new Map<string, string[]>();
  for (const entry of context.files.values()) {
    if (entry.state !== "tracked" && entry.state !== "modified" && entry.state !== "tracked-ignored")
      continue;
    const name = nameOf(entry.path);
    if (!leftover.test(name) || entry.mode === "symlink") continue;
    const suffix = /\.(?:pyc|pyo)$/.test(name) ? "*.pyc" : name;
    const key = name.startsWith("Untitled") ? entry.path : suffix;
    kinds.set(key, [...(kinds.get(key) ?? []), entry.path]);
  }
  return [...kinds].map(([kind, paths]) => ({
    rule: "file-leftover",
    path: "",
    subject: kind,
    places: paths.map((path) => ({ path, line: 1 })),
    message:
      paths.length === 1
        ? `${quoted(paths[0] as string)} looks like a leftover and is tracked.`
        : `${count(paths.length, "file")} named ${code(kind)} look like leftovers and are tracked.`,
    evidence: [{ kind: "name", text: "the name is one that editors, merges or operating systems make" }],
  }));
}

/** `file-ignored`: tracked files that an ignore rule names; one finding for each top folder that holds such. */
export function ignoredFiles(context: Pick<FindingContext, "files">): Draft[] {
  const ignored = [...context.files.values()]
    .filter((entry) => entry.state === "tracked-ignored")
    .map(({ path }) => path);
  const byFolder = new Map<string, string[]>();
  for (const path of ignored) {
    const top = folderOf(path).split("/").slice(0, 2).join("/");
    byFolder.set(top, [...(byFolder.get(top) ?? []), path]);
  }
  return [...byFolder].map(([folder, paths]) => ({
    rule: "file-ignored",
    path: "",
    subject: folder,
    places: paths.map((path) => ({ path, line: 1 })),
    message:
      paths.length === 1
        ? `${quoted(paths[0] as string)} is tracked although an ignore rule names it.`
        : `${count(paths.length, "file")} below ${quoted(folder)} are tracked although an ignore rule names them.`,
    evidence: [
      {
        kind: "state",
        text: `listed by \`git ls-files -ci --exclude-standard\`: ${listed(paths.map(quoted), 4)}`,
      },
    ],
  }));
}

/** `syntax`: files that no parser takes. */
export function unparsedFiles(context: Pick<FindingContext, "notes">): Draft[] {
  return context.notes
    .filter((note) => note.code === "syntax")
    .map((note) => ({
      rule: "syntax",
      path: note.path,
      subject: "",
      places: [{ path: note.path, line: note.line ?? 1 }],
      message: `${quoted(note.path)} cannot be parsed: ${note.message}.`.replace(/\.\.$/, "."),
      evidence: [
        {
          kind: "parser",
          text: note.message,
          path: note.path,
          ...(note.line === undefined ? {} : { line: note.line }),
        },
      ],
    }));
}

/** `secret`: kind and place, never the value. Several of one kind in a file are one finding. */
export function leakedSecrets(context: Pick<FindingContext, "secrets">): Draft[] {
  const causes = new Map<string, FindingContext["secrets"][number][]>();
  for (const one of context.secrets) {
    const key = `${one.path}\0${one.kind}`;
    causes.set(key, [...(causes.get(key) ?? []), one]);
  }
  return [...causes.values()].map((same) => {
    const { path, kind } = same[0] as FindingContext["secrets"][number];
    return {
      rule: "secret",
      path,
      subject: kind,
      places: same.map(({ line, start, end }) => ({ path, line, start, end })),
      message:
        same.length === 1
          ? `${quoted(path)} holds what looks like a secret (${kind}).`
          : `${quoted(path)} holds what looks like ${same.length} secrets (${kind}).`,
      evidence: [{ kind: "shape", text: `recognised as ${kind}; the value is shown nowhere`, path }],
    };
  });
}
