import { describe, expect, it } from "vitest";
import fc from "fast-check";
import type { Reference } from "../../references/index.ts";
import { exampleContext, exampleRows } from "../reports/example.test-data.ts";
import { buildFindings } from "./build.ts";
import { copiedRoots, deadPrefix } from "./cause-paths.ts";
import { context, noRows, said, stale } from "./rows.test-data.ts";
import type { FindingRows } from "./schema.ts";

describe("buildFindings", () => {
  it("tells the made-up repository's causes, each once, worst first", () => {
    const findings = buildFindings(exampleRows, exampleContext);
    expect(
      findings.map(
        (one) => `${one.severity} ${one.rule} ${one.at.path}:${one.at.line} x${one.places.length}`,
      ),
    ).toEqual([
      "error docker-source ai/platform/Dockerfile.training:7 x1",
      "error entry-broken ai/platform/serve.py:1 x1",
      "error import-missing ai/cloud_package/scripts/train_moe.py:11 x1",
      "error ref-stale ai/QUICK_START.md:12 x3",
      "error secret ai/platform/.env:2 x1",
      "error syntax ai/platform/train_platform.py:88 x1",
      "warning config-diverged ai/cloud_package/config/moe.json:1 x2",
      "warning copy-diverged ai/cloud_package/models/moe_architecture.py:1 x1",
      "warning copy-stale ai/cloud_package/scripts/train_moe.py:1 x1",
      "warning file-leftover ai/platform/notes.md~:1 x1",
      "warning import-undeclared ai/platform/train_platform.py:4 x1",
      "warning ref-case ai/cloud_package/README.md:40 x1",
      "warning ref-machine ai/platform/run-training.sh:3 x1",
      "warning ref-missing-data ai/cloud_package/README.md:18 x1",
      "warning ref-missing-data ai/full_package/manifest.json:14 x1",
      "note dup-exact ai/QUICK_START.md:1 x2",
      "note dup-folder ai/full_package/utils:1 x2",
      "note file-ignored ai/platform/.env:1 x1",
    ]);
  });

  it("makes one finding of one dead folder, with the fix of each place", () => {
    const fix = { start: 20, end: 25, text: "new/a.md", certainty: "certain" as const };
    const references = [
      stale("README.md", 2, "old/docs/a.md", { fix }),
      stale("x/run.py", 3, "old/b.py", { kind: "string" }),
    ];
    const [finding, ...rest] = buildFindings({ ...noRows, references }, context("README.md", "x/run.py"));
    expect(rest).toEqual([]);
    expect(finding).toMatchObject({
      rule: "ref-stale",
      severity: "error",
      subject: "old",
      at: { path: "README.md", line: 2, start: 20, end: 25 },
      places: [
        { path: "README.md", line: 2, fix },
        { path: "x/run.py", line: 3 },
      ],
      message:
        "2 places of 2 files refer to 2 paths below `old`, which does not exist. The new place of 1 is proven.",
      fix,
    });
  });

  it("is milder where only prose is wrong and where it is merely possible", () => {
    expect(said({ references: [stale("README.md", 1, "gone.md")] })).toEqual([
      "warning ref-stale x1: `README.md` (line 1) refers to `gone.md`, which does not exist.",
    ]);
    expect(said({ references: [stale("README.md", 1, "gone.md", { confidence: "possible" })] })[0]).toMatch(
      /^note /,
    );
    expect(said({ references: [stale("a.sh", 1, "gone.sh", { kind: "source" })] })[0]).toMatch(/^error /);
    expect(said({ references: [stale("a.ipynb", 1, "gone.md", { kind: "link" })] })[0]).toMatch(/^warning /);
  });

  it("names the file that differs in letter case", () => {
    expect(
      said(
        { references: [stale("run.sh", 1, "Data/Train.py", { kind: "command" })] },
        context("data/train.py"),
      ),
    ).toEqual([
      "error ref-case x1: `run.sh` (line 1) refers to `Data/Train.py`; the file is named `data/train.py`.",
    ]);
  });

  it("makes one finding of the paths below one machine's folder, mild where the folder is a convention", () => {
    const machine = (path: string, raw: string) =>
      stale(path, 1, raw, { class: "machine", kind: "argument" });
    const references = [
      machine("a.sh", "/home/user/data/x.bin"),
      machine("b.sh", "/home/user/data/y/z.bin"),
      machine("a.sh", "/workspace/a/b"),
      machine("c.sh", "/workspace/c"),
    ];
    expect(said({ references })).toEqual([
      "warning ref-machine x2: 2 places of 2 files name paths of one machine below `/home/user/data`.",
      "note ref-machine x2: 2 places of 2 files name paths of one machine below `/workspace`.",
    ]);
  });

  it("makes one finding of the data below one missing folder", () => {
    const data = (line: number, target: string) =>
      stale("a.py", line, target, { class: "missing-data", kind: "string" });
    expect(
      said(
        { references: [data(1, "p/raw/x/a.bin"), data(2, "p/raw/y/b.bin"), data(3, "p/c.bin")] },
        context("p/a.py"),
      ),
    ).toEqual([
      "warning ref-missing-data x2: 2 data files below `p/raw` are used by 1 file and were never committed.",
      "warning ref-missing-data x1: `p/c.bin` is used by 1 file and was never committed.",
    ]);
  });

  it("tells relative imports once for the folder from which modules are started", () => {
    const entry = {
      id: "m",
      path: "kit/models/a/convert.py",
      command: "python -m a.convert",
      cwd: "kit/models",
      mode: "module" as const,
      environment: {},
      loads: false,
      missing: ["...utils"],
    };
    const row = (path: string, id: string) => ({
      path,
      line: 1,
      start: 0,
      end: 8,
      module: "...utils",
      class: "relative-without-parent" as const,
      byEntry: [{ entry: id, class: "relative-without-parent" as const }],
    });
    const script = {
      ...entry,
      id: "s",
      path: "run.py",
      command: "python run.py",
      cwd: "",
      mode: "script" as const,
    };
    const rows = {
      imports: [
        row("kit/models/a/__init__.py", "m"),
        row("kit/models/b/__init__.py", "m"),
        row("run.py", "s"),
      ],
      entries: [entry, script],
    };
    expect(said(rows)).toEqual([
      "error import-relative x2: 2 files import `...utils` relatively, above the package that they have when `kit/models` is where it starts.",
      "error import-relative x1: `run.py` (line 1) imports `...utils` relatively, but is started as a script, where it has no parent package.",
    ]);
  });

  it("tells an undeclared distribution once, whoever imports it", () => {
    const row = (path: string) => ({
      path,
      line: 1,
      start: 0,
      end: 4,
      module: "peft.tuners",
      class: "undeclared" as const,
      byEntry: [],
    });
    const packages = [
      { name: "p", path: "p" },
      { name: "q", path: "q" },
    ];
    expect(said({ imports: [row("p/a.py"), row("q/b.py")] }, { ...context(), packages })).toEqual([
      "warning import-undeclared x2: 2 files import `peft`, which the requirements of 2 packages do not declare.",
    ]);
  });

  it("tells a broken command only where no import explains it", () => {
    const imports = [
      {
        path: "a.py",
        line: 3,
        start: 1,
        end: 2,
        module: "gone",
        class: "internal-missing" as const,
        byEntry: [{ entry: "e", class: "internal-missing" as const }],
      },
    ];
    const entry = {
      id: "e",
      path: "a.py",
      command: "python a.py",
      cwd: "",
      mode: "script" as const,
      environment: {},
      loads: false,
      missing: ["gone"],
    };
    const findings = buildFindings({ ...noRows, imports, entries: [entry] }, context("a.py"));
    expect(findings.map((one) => one.rule)).toEqual(["import-missing"]);
    expect(findings[0]?.evidence).toEqual([
      { kind: "entry", text: "fails when started by `python a.py`", path: "a.py" },
    ]);
    const command = stale("README.md", 4, "a.py", { kind: "command" });
    expect(said({ entries: [entry], references: [command] })).toEqual([
      "warning ref-stale x1: `README.md` (line 4) refers to `a.py`, which does not exist.",
    ]);
    expect(said({ entries: [entry] })).toEqual([
      "error entry-broken x1: `python a.py` does not start: `gone` cannot be loaded.",
    ]);
  });

  it("keeps ids when lines move, and gives each cause its own", () => {
    const moved = {
      ...exampleRows,
      references: exampleRows.references.map((one) => ({
        ...one,
        line: one.line + 7,
        start: one.start + 300,
        end: one.end + 300,
      })),
    };
    const ids = (rows: FindingRows): string[] => buildFindings(rows, exampleContext).map((one) => one.id);
    expect(ids(moved)).toEqual(ids(exampleRows));
    expect(new Set(ids(exampleRows)).size).toBe(ids(exampleRows).length);
    expect(ids(exampleRows).every((id) => /^[0-9a-f]{12}$/.test(id))).toBe(true);
  });

  it("keeps the id of a cause when more places show it", () => {
    const ids = (...references: Reference[]) =>
      buildFindings({ ...noRows, references }, context("b.md")).map((one) => one.id);
    const first = stale("b.md", 5, "old/x.md");
    expect(ids(first)).toEqual(ids(stale("a.md", 1, "old/y.md"), first));
  });

  it("gives the same findings for rows in any order", () => {
    const expected = buildFindings(exampleRows, exampleContext);
    const shuffled = <T>(rows: readonly T[]) => fc.shuffledSubarray([...rows], { minLength: rows.length });
    fc.assert(
      fc.property(
        shuffled(exampleRows.references),
        shuffled(exampleRows.copies),
        shuffled(exampleRows.groups),
        shuffled(exampleRows.entries),
        (references, copies, groups, entries) => {
          expect(
            buildFindings({ ...exampleRows, references, copies, groups, entries }, exampleContext),
          ).toEqual(expected);
        },
      ),
      { numRuns: 30 },
    );
  });
});

describe("paths of a cause", () => {
  it("finds what was copied as a whole", () => {
    expect(copiedRoots(["a/x/train.py", "b/x/train.py"])).toEqual(["a", "b"]);
    expect(copiedRoots(["x/train.py", "b/x/train.py"])).toEqual(["", "b"]);
    expect(copiedRoots(["a/one.py", "a/two.py"])).toEqual(["a", "a"]);
  });

  it("finds the part of a path that is missing", () => {
    expect(deadPrefix("ai/lightning/docs/a.md", (path) => path === "ai")).toBe("ai/lightning");
    expect(deadPrefix("ai/a.md", (path) => path === "ai")).toBe("ai/a.md");
    expect(deadPrefix("../other/a.md", () => false)).toBe("../other");
  });
});
