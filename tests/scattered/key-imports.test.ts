import { execFileSync, spawnSync } from "node:child_process";
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { parseDocument } from "yaml";
import { writeSample, type AnswerKey, type EntryAnswer } from "../../src/sample/index.ts";

const base = realpathSync(mkdtempSync(join(tmpdir(), "key-imports-")));
afterAll(() => rmSync(base, { recursive: true, force: true }));

const python = spawnSync("python3", ["--version"]).status === 0 ? "python3" : "python";
const severity = ["resolves", "name-missing", "relative-without-parent", "internal-missing"];

type Row = { path: string; line: number; module: string; class: string; target?: string };

/** Files that an image's COPY lines put beside each other, by the key's own resolved references. */
function imageFolder(root: string, key: AnswerKey): string {
  const folder = join(base, "app");
  mkdirSync(folder, { recursive: true });
  for (const one of key.references) {
    if (one.path.endsWith("/Dockerfile.inference") && one.class === "resolves" && one.target?.endsWith(".py"))
      copyFileSync(join(root, one.target), join(folder, basename(one.target)));
  }
  return folder;
}

function request(root: string, key: AnswerKey, entry: EntryAnswer): Record<string, unknown> {
  const search = (entry.environment["PYTHONPATH"] ?? "").split(":").filter(Boolean);
  const common = { mode: entry.mode, search: search.map((path) => join(root, path)) };
  if (entry.cwd === "/app") {
    const app = imageFolder(root, key);
    return { ...common, cwd: app, folder: app, module: basename(entry.path, ".py"), root: app };
  }
  const cwd = join(root, entry.cwd);
  if (entry.mode === "script") return { ...common, cwd, file: join(root, entry.path) };
  if (entry.mode === "asgi") return { ...common, cwd, folder: cwd, module: basename(entry.path, ".py") };
  const folder = entry.mode === "module" ? entry.path.slice(entry.cwd.length + 1, -3) : dirname(entry.path);
  if (entry.mode === "module") return { ...common, cwd, folder: cwd, module: folder.replaceAll("/", ".") };
  return {
    ...common,
    cwd,
    folder: join(root, dirname(folder)),
    module: `${basename(folder)}.${basename(entry.path, ".py")}`,
  };
}

function probe(
  root: string,
  key: AnswerKey,
  entries: readonly EntryAnswer[],
): { rows: Row[]; error?: string }[] {
  const elsewhere = key.imports.filter((one) =>
    ["installed-elsewhere", "undeclared", "optional"].includes(one.class),
  );
  const output = execFileSync(python, [join(import.meta.dirname, "probe_imports.py")], {
    input: JSON.stringify({
      root,
      installed: installedProjects(root, key),
      stubs: [...new Set(elsewhere.map((one) => one.module.split(".")[0]))],
      optional: key.imports.filter((one) => one.class === "optional").map((one) => `${one.path}:${one.line}`),
      entries: entries.map((entry) => request(root, key, entry)),
    }),
    encoding: "utf8",
  });
  return JSON.parse(output) as { rows: Row[]; error?: string }[];
}

function installedProjects(root: string, key: AnswerKey): string[] {
  const projects = key.entries
    .filter((one) => one.mode === "console")
    .map((one) => dirname(dirname(one.path)));
  return [...new Set(projects)].map((path) => join(root, path));
}

describe("the key's imports", () => {
  it.each([
    [1, "above"],
    [2, "above"],
    [5, "above"],
    [8, "above"],
    [3, "at"],
  ] as const)(
    "are what Python does with each entry's own search path, seed %i, root %s",
    async (seed, where) => {
      const root = join(base, `s${seed}`);
      const { key } = await writeSample({ seed, folder: root, root: where });
      const tests: EntryAnswer[] = key.imports
        .filter((one) => basename(one.path).startsWith("test_"))
        .map((one) => ({
          path: one.path,
          mode: "script",
          cwd: dirname(one.path),
          environment: {},
          loads: true,
          missing: [],
        }));
      const entries = [...key.entries, ...tests];
      const answers = probe(root, key, entries);
      expect(answers.filter((one) => one.error !== undefined)).toEqual([]);

      // Each entry: loads, or misses just what the key says.
      const app = join(base, "app");
      for (const [index, entry] of key.entries.entries()) {
        const rows = answers[index]?.rows ?? [];
        const failed = rows.filter((row) => severity.indexOf(row.class) > 0).map((row) => row.module);
        const wanted = [...entry.missing, ...(entry.nameless ?? [])].sort();
        expect([entry.path, [...new Set(failed)].sort()]).toEqual([entry.path, wanted]);
        expect(entry.loads).toBe(failed.length === 0);
      }

      // Each import: the worst that any entry saw.
      const worst = new Map<string, Row>();
      for (const row of answers.flatMap((one) => one.rows)) {
        const place = `${row.path}:${row.line}`;
        const known = worst.get(place);
        if (known === undefined || severity.indexOf(row.class) > severity.indexOf(known.class))
          worst.set(place, row);
      }
      let checked = 0;
      for (const one of key.imports) {
        const inImage = readFileSync(join(root, one.path), "utf8").includes("in a container");
        const row = worst.get(`${inImage ? basename(one.path) : one.path}:${one.line}`);
        if (row === undefined) {
          // Never executed: inside a function, or behind the main guard.
          const line = readFileSync(join(root, one.path), "utf8").split("\n")[one.line - 1] ?? "";
          if (one.class === "internal-missing" && /^\s/.test(line)) continue;
          expect([one.path, one.line, one.class === "optional" || one.accept?.includes("optional")]).toEqual([
            one.path,
            one.line,
            true,
          ]);
          continue;
        }
        checked++;
        expect([one.path, row.module]).toEqual([one.path, one.module]);
        const verdict = ["installed-elsewhere", "undeclared"].includes(one.class) ? "elsewhere" : one.class;
        expect([one.path, one.line, row.class]).toEqual([one.path, one.line, verdict]);
        if (one.class === "resolves" && one.target !== undefined)
          expect(inImage ? `${app}/${row.target}` : row.target).toBe(
            inImage ? `${app}/${basename(one.target)}` : one.target,
          );
      }
      expect(checked).toBeGreaterThan(30);
    },
  );
});

const syntaxProbe = `
import ast, json, pathlib, sys, tomllib
for path in sorted(pathlib.Path(sys.argv[1]).rglob("*")):
    if path.is_symlink() or not path.is_file() or ".git" in path.parts:
        continue
    try:
        if path.suffix == ".py":
            ast.parse(path.read_text(encoding="utf-8"))
        elif path.suffix in (".json", ".ipynb"):
            json.loads(path.read_text(encoding="utf-8"))
        elif path.suffix == ".toml":
            tomllib.loads(path.read_text(encoding="utf-8"))
        else:
            continue
        print("ok", path)
    except Exception as error:
        print("bad", path, error)
`;

describe("the sample's files", () => {
  it.each([1, 13])("parse: Python, JSON, TOML, YAML and shell, seed %i", async (seed) => {
    const root = join(base, `syntax${seed}`);
    await writeSample({ seed, folder: root });
    const lines = execFileSync(python, ["-c", syntaxProbe, root], { encoding: "utf8" }).trim().split("\n");
    expect(lines.length).toBeGreaterThan(50);
    expect(lines.filter((line) => !line.startsWith("ok "))).toEqual([]);
    const others = readdirSync(root, { recursive: true, encoding: "utf8" }).filter(
      (path) => !path.startsWith(".git/") && /\.(?:ya?ml|sh)$/.test(path) && !path.includes("/templates/"),
    );
    expect(others.length).toBeGreaterThan(10);
    for (const path of others) {
      if (path.endsWith(".sh")) execFileSync("bash", ["-n", join(root, path)]);
      else expect([path, parseDocument(readFileSync(join(root, path), "utf8")).errors]).toEqual([path, []]);
    }
  });
});
