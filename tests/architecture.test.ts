import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, it } from "vitest";

const root = resolve(import.meta.dirname, "..");

// What each folder of src/ may import, beside itself. Feature folders never see each other.
const leaves = ["shared"];
const bases = ["home", "repository", "storage", "records", "safety", "vault", "sample"];
const middles = ["references", "execution"];
const features = ["audit", "consolidate", "data", "training", "inference", "progress", "platforms"];
const below: Record<string, readonly string[]> = { shared: [] };
for (const base of bases) below[base] = leaves;
below["sample"] = ["shared", "repository"]; // it writes a git repository
for (const middle of middles) below[middle] = [...leaves, ...bases];
for (const feature of features) below[feature] = [...leaves, ...bases, ...middles];
below["service"] = [...leaves, ...bases, ...middles, ...features];
below["cli"] = [...below["service"], "service"];

type Import = { from: string; to: string; valueImport: boolean };

const importPattern =
  /(?:^|\n)\s*(import|export)\s+(type\s+)?(?:[^"';]*?\sfrom\s+)?"(\.[^"]+)"|\bimport\(\s*"(\.[^"]+)"\s*\)/g;

export function importsOf(text: string): { specifier: string; valueImport: boolean }[] {
  return [...text.matchAll(importPattern)].map((match) => ({
    specifier: (match[3] ?? match[4]) as string,
    valueImport: match[2] === undefined,
  }));
}

function sourcesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((path) => join(folder, path))
    .filter((path) => path.endsWith(".ts") && statSync(path).isFile());
}

const files = sourcesBelow(join(root, "src"));
const imports: Import[] = files.flatMap((file) =>
  importsOf(readFileSync(file, "utf8")).map(({ specifier, valueImport }) => ({
    from: relative(root, file),
    to: relative(root, resolve(dirname(file), specifier)),
    valueImport,
  })),
);
const folderOf = (path: string): string => path.split("/")[1] as string;

describe("architecture", () => {
  it("sees named, bare, dynamic and type-only imports", () => {
    const text = `import { a } from "./a.ts";\nimport "./b.ts";\nexport type { C } from "./c.ts";\nawait import("./d.ts");\nimport {\n  e,\n} from "./e.ts";`;
    expect(importsOf(text)).toEqual([
      { specifier: "./a.ts", valueImport: true },
      { specifier: "./b.ts", valueImport: true },
      { specifier: "./c.ts", valueImport: false },
      { specifier: "./d.ts", valueImport: true },
      { specifier: "./e.ts", valueImport: true },
    ]);
  });

  it("looks at a real number of files and imports", () => {
    expect(files.length).toBeGreaterThan(30);
    expect(imports.length).toBeGreaterThan(60);
  });

  it("has dependencies that point down only", () => {
    const wrong = imports.filter(({ from, to }) => {
      if (from.endsWith(".test.ts") || from === "src/index.ts") return false;
      const [own, other] = [folderOf(from), folderOf(to)];
      return own !== other && !(below[own] ?? []).includes(other);
    });
    expect(wrong).toEqual([]);
  });

  it("enters another folder through its index.ts", () => {
    const wrong = imports.filter(({ from, to }) => {
      if (from.endsWith(".test.ts")) return false;
      const [own, other] = [folderOf(from), folderOf(to)];
      return own !== other && other !== "index.ts" && to !== `src/${other}/index.ts`;
    });
    expect(wrong).toEqual([]);
  });

  it("imports only files that exist below src/", () => {
    const known = new Set(files.map((file) => relative(root, file)));
    expect(imports.filter(({ to }) => !known.has(to) && !to.endsWith(".json"))).toEqual([]);
  });

  it("has no cycle of value imports", () => {
    const graph = new Map<string, string[]>();
    for (const { from, to, valueImport } of imports) {
      if (valueImport) graph.set(from, [...(graph.get(from) ?? []), to]);
    }
    const state = new Map<string, "open" | "done">();
    const cycles: string[] = [];
    const visit = (file: string, path: string[]): void => {
      if (state.get(file) === "done") return;
      if (state.get(file) === "open") {
        cycles.push([...path.slice(path.indexOf(file)), file].join(" -> "));
        return;
      }
      state.set(file, "open");
      for (const next of graph.get(file) ?? []) visit(next, [...path, file]);
      state.set(file, "done");
    };
    for (const file of graph.keys()) visit(file, []);
    expect(cycles).toEqual([]);
  });

  it("keeps every file of code under 400 lines", () => {
    const all = [...files, ...sourcesBelow(join(root, "tests"))];
    const long = all
      .filter((file) => !/\.(?:data|generated)\.ts$|\/generated\//.test(file))
      .map((file) => ({
        file: relative(root, file),
        lines: readFileSync(file, "utf8").split("\n").length - 1,
      }))
      .filter(({ lines }) => lines > 400);
    expect(long).toEqual([]);
  });
});
