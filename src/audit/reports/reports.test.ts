import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { exampleReport } from "./example.test-data.ts";
import type { AuditReport } from "../report.ts";
import { explainFinding } from "./explain.ts";
import { htmlReport } from "./html/page.ts";
import { jsonReport } from "./json.ts";
import { markdownReport } from "./markdown/report.ts";
import { nextStep } from "./next-step.ts";
import { sarifReport } from "./sarif.ts";
import { sealReport } from "./seal.ts";
import { terminalReport } from "./terminal.ts";
import { viewOf } from "./view.ts";

const options = { tool: { name: "training-ready", version: "0.1.0" }, commands: ["audit"] };
const forms = (report: AuditReport): Record<string, string> => ({
  html: htmlReport(report, options),
  markdown: markdownReport(report, options),
  json: jsonReport(report, options.tool),
  sarif: sarifReport(report, { ...options, hasBaseline: false }),
  terminal: terminalReport(report, { ...options, colour: false }),
  coloured: terminalReport(report, { ...options, colour: true }),
  explained: report.findings.map((one) => explainFinding(report, one, options)).join("\n"),
});

/** The report with every string changed, except those that are names of the report's own form. */
function withStrings(report: AuditReport, change: (text: string) => string): AuditReport {
  const own = new Set([
    "class",
    "severity",
    "rule",
    "id",
    "kind",
    "relation",
    "state",
    "confidence",
    "certainty",
    "mode",
    "commit",
    "entry",
    "blob",
  ]);
  const walk = (value: unknown, key: string): unknown => {
    if (typeof value === "string") return own.has(key) ? value : change(value);
    if (Array.isArray(value)) return value.map((one) => walk(one, key));
    if (typeof value === "object" && value !== null)
      return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, walk(one, name)]));
    return value;
  };
  return walk(report, "") as AuditReport;
}

const hostile =
  "<script>alert(1)</script>\u001b[31m\u202e]]>`|\u0000\r\n# Title\n<!-- --> \"'><img src=x onerror=alert(1)> &lt; \ud800";

describe("every form of the report", () => {
  it("comes out the same from the same report", () => {
    expect(forms(sealReport(exampleReport))).toEqual(forms(sealReport(structuredClone(exampleReport))));
  });

  it("never shows a planted secret", () => {
    const alphabet = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789".split("");
    const letters = (length: number) =>
      fc
        .array(fc.constantFrom(...alphabet), { minLength: length, maxLength: length })
        .map((list) => list.join(""));
    const secret = fc.oneof(
      letters(34).map((text) => ({ shown: `hf_${text}`, hidden: text })),
      letters(36).map((text) => ({ shown: `ghp_${text}`, hidden: text })),
      letters(40).map((text) => ({ shown: `sk-proj-${text}`, hidden: text })),
      letters(12).map((text) => ({ shown: `https://anna:${text}@host.example.org/x`, hidden: text })),
    );
    fc.assert(
      fc.property(secret, fc.nat({ max: 30 }), ({ shown, hidden }, every) => {
        let number = 0;
        const planted = withStrings(exampleReport, (text) =>
          number++ % (every + 1) === 0 ? `${text} ${shown} ` : text,
        );
        for (const [name, text] of Object.entries(forms(sealReport(planted)))) {
          expect(text.includes(hidden), `${name} shows it`).toBe(false);
        }
      }),
      { numRuns: 25 },
    );
  });

  it("does not quote what lies on a found secret", () => {
    const value = "correct-horse-battery-staple-77";
    const at = { path: "a.env", line: 1, start: 10, end: 10 + value.length };
    const report: AuditReport = {
      ...exampleReport,
      references: [
        {
          ...at,
          kind: "value",
          raw: value,
          class: "stale",
          target: value,
          confidence: "certain",
          evidence: [{ kind: "tried", text: value }],
        },
      ],
      findings: [
        {
          id: "0".repeat(12),
          rule: "secret",
          severity: "error",
          at,
          places: [at],
          message: "`a.env` holds a secret",
          evidence: [],
          subject: "assigned-secret",
        },
      ],
    };
    for (const [name, text] of Object.entries(forms(sealReport(report))))
      expect(text.includes(value), name).toBe(false);
  });

  it("survives hostile names and texts", () => {
    const report = sealReport(withStrings(exampleReport, (text) => `${text}${hostile}`));
    const all = forms(report);
    expect(all["html"]).not.toMatch(/<script>alert|<img|onerror=alert\(1\)>|\u001b|\u202e|\u0000/);
    expect(all["html"]?.match(/<script/g)).toHaveLength(1);
    expect(all["markdown"]).not.toMatch(/\u001b|\u202e|\u0000/);
    expect(all["markdown"]).not.toMatch(/^# Title/m);
    expect(outsideCode(all["markdown"] ?? "")).not.toMatch(/<(?:script|img|!--)/);
    for (const name of ["terminal", "explained"])
      expect(all[name], name).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
    // Colours are the only escapes.
    expect(all["coloured"]?.replace(/\u001b\[\d+m/g, "")).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
    for (const name of ["json", "sarif"])
      expect(all[name], name).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
    expect((JSON.parse(all["json"] ?? "") as AuditReport).findings).toEqual(report.findings);
    expect(() => JSON.parse(all["sarif"] ?? "") as unknown).not.toThrow();
  });

  it("holds up with nothing in it", () => {
    const empty: AuditReport = {
      summary: { files: 0 },
      repository: { root: "/", commit: null, dirty: false, mount: null, historyReaches: null },
      packages: [],
      groups: [],
      boilerplate: { groups: 0, files: 0 },
      folders: [],
      copies: [],
      configs: [],
      references: [],
      imports: [],
      entries: [],
      datasets: [],
      findings: [],
      warnings: [],
    };
    expect(forms(empty)["terminal"]).toBe(
      [
        "repository  no git history",
        "0 files, 0 packages, 0 groups of equal files, 0 references, 0 imports",
        "0 errors, 0 warnings, 0 notes",
        "",
        "Nothing to fix was found.",
        "",
        "No training package was found. Pin one: `packages: [{path: …}]` in training-ready.yaml.",
        "",
        "Everything else: `--out DIR` writes HTML, Markdown, JSON and SARIF.",
        "",
      ].join("\n"),
    );
  });
});

/** Markdown without its code spans, as CommonMark finds them: where markup is no markup. */
function outsideCode(markdown: string): string {
  let outside = "";
  for (const line of markdown.split("\n")) {
    for (let at = 0; at < line.length;) {
      const run = /^`+/.exec(line.slice(at))?.[0];
      if (run === undefined) {
        const step = line[at] === "\\" ? 2 : 1;
        outside += line.slice(at, at + step);
        at += step;
        continue;
      }
      const close = new RegExp(`(?<!\`)${run}(?!\`)`, "g");
      close.lastIndex = at + run.length;
      const end = close.exec(line);
      if (end === null) outside += run;
      at = end === null ? at + run.length : end.index + run.length;
    }
    outside += "\n";
  }
  return outside;
}

describe("--explain", () => {
  it("shows every base that was tried, the proof and the fix", () => {
    const stale = exampleReport.findings.find(
      (one) => one.rule === "ref-stale",
    ) as AuditReport["findings"][number];
    expect(explainFinding(exampleReport, stale, options).split("\n").slice(0, 14)).toEqual([
      `${stale.id}  error ref-stale`,
      "3 places of 2 files refer to 3 paths below `ai/legacy`, which does not exist. The new place of 1 is proven.",
      "",
      "A reference to something that is gone.",
      "The path existed, or its neighbours do, and it is read or linked from here. Point it at the new place, or remove it.",
      "",
      "Shown by 3 places:",
      '  ai/QUICK_START.md:12  inline-code "ai/legacy/train_moe.py"  bytes 480-502',
      "    stale, certain; looked for ai/legacy/train_moe.py; base root",
      "    not at ai/ai/legacy/train_moe.py  (from file)",
      "    not at ai/legacy/train_moe.py  (from root)",
      "    history: the folder `ai/legacy` was removed  [commit 0a1b2c3d4e5f]",
      "    moved: the same bytes live at `ai/full_package/training_scripts/train_moe.py`  (ai/full_package/training_scripts/train_moe.py)  [commit 77aa88bb99cc]",
      '    fix (certain): "ai/full_package/training_scripts/train_moe.py"',
    ]);
  });
});

describe("fix first", () => {
  it("puts a dead path of few files before a cluster's path of many", () => {
    const [any] = exampleReport.findings;
    if (any === undefined) throw new Error("no finding in the example");
    const finding = (rule: string, files: number) => ({
      ...any,
      id: rule,
      rule,
      severity: "warning" as const,
      places: Array.from({ length: files }, (_, at) => ({ path: `job${at}.sh`, line: 1, start: 0, end: 1 })),
    });
    const findings = [finding("ref-machine", 25), finding("ref-stale", 2)];
    const { fixFirst } = viewOf({ ...exampleReport, findings });
    expect(fixFirst.map(({ rule }) => rule)).toEqual(["ref-stale", "ref-machine"]);
  });

  it("is ten causes at most, worst first, no rule crowding out the others", () => {
    const many = Array.from({ length: 30 }, (_, index) => ({
      ...(exampleReport.findings.find((one) => one.rule === "ref-stale") as AuditReport["findings"][number]),
      id: String(index).padStart(12, "0"),
    }));
    const { fixFirst } = viewOf({ ...exampleReport, findings: [...many, ...exampleReport.findings] });
    expect(fixFirst).toHaveLength(10);
    expect(fixFirst[0]?.rule).toBe("secret");
    expect(fixFirst.filter((one) => one.rule === "ref-stale")).toHaveLength(3);
  });

  it("leaves out what the baseline knows", () => {
    const findings = exampleReport.findings.map((one) => ({ ...one, known: true as const }));
    expect(viewOf({ ...exampleReport, findings }).fixFirst).toEqual([]);
  });

  it("recommends only commands that there are, with names quoted for a shell", () => {
    const stale = exampleReport.findings.find(
      (one) => one.rule === "ref-stale",
    ) as AuditReport["findings"][number];
    expect(nextStep(stale, options)).toBe(`training-ready audit --explain ${stale.id}`);
    expect(nextStep(stale, { ...options, commands: ["audit", "plan"] })).toBe(
      "training-ready plan --repairs",
    );
    const secret = { ...stale, rule: "secret", at: { ...stale.at, path: "it's; rm -rf x" } };
    expect(nextStep(secret, options)).toBe("git log --oneline -- 'it'\\''s; rm -rf x'");
  });
});

describe("terminal report", () => {
  it("has at most 40 lines, of at most 100 columns but for commands", () => {
    const packages = Array.from({ length: 50 }, (_, index) => ({
      ...(exampleReport.packages[0] as AuditReport["packages"][number]),
      name: `package-${index}`,
      path: `some/long/folder/of/packages/package-${index}`,
    }));
    const report = { ...exampleReport, packages };
    const lines = terminalReport(report, { ...options, colour: false, page: "/tmp/report/audit.html" })
      .trimEnd()
      .split("\n");
    expect(lines.length).toBeLessThanOrEqual(40);
    expect(lines.filter((line) => line.length > 100 && !line.includes("→"))).toEqual([]);
  });

  it("shortens what is quoted and nothing else", () => {
    const [finding] = exampleReport.findings as [AuditReport["findings"][number]];
    const message =
      "`a` reaches far above the package that it has when it starts in `one/two/three/four/five/six/seven/eight.py`.";
    const lines = terminalReport(
      { ...exampleReport, findings: [{ ...finding, message }] },
      { ...options, colour: false },
    );
    expect(lines).toContain("`a` reaches far above the package that it has when it starts in");
    expect(lines).toContain("`…/three/four/five/six/seven/eight.py`.");
  });

  it("uses colours only when asked", () => {
    expect(terminalReport(exampleReport, { ...options, colour: false })).not.toContain("\u001b");
    expect(terminalReport(exampleReport, { ...options, colour: true })).toContain("\u001b");
  });
});
