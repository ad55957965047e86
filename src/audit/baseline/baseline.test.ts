import { describe, expect, it } from "vitest";
import { exampleReport } from "../reports/example.test-data.ts";
import type { Finding } from "../report.ts";
import { baselineOf, fails, markKnown, parseBaseline } from "./baseline.ts";
import { applyIgnores } from "./ignores.ts";

const { findings } = exampleReport;
const tool = { name: "training-ready", version: "0.1.0" };
const of = (rule: string): Finding => findings.find((one) => one.rule === rule) as Finding;

describe("baseline", () => {
  it("makes everything known that it holds, and nothing else", () => {
    const baseline = parseBaseline(JSON.stringify(baselineOf(findings.slice(2), tool)), "b.json");
    const { findings: marked, gone } = markKnown(findings, baseline);
    expect(marked.map((one) => one.known === true)).toEqual(findings.map((_, index) => index >= 2));
    expect(gone).toBe(0);
    expect(fails(marked, "error")).toBe(true);
    expect(markKnown(findings.slice(3), baseline).gone).toBe(1);
  });

  it("makes a cause new again when a file shows it more often", () => {
    const baseline = baselineOf(findings, tool);
    const stale = of("ref-stale");
    const more = { ...stale, places: [...stale.places, { path: "ai/new.md", line: 4 }] };
    const [grown] = markKnown([more], baseline).findings;
    expect(grown?.known).toBeUndefined();
    expect(grown?.at).toEqual({ path: "ai/new.md", line: 4, start: 0, end: 0 });
    expect(grown?.places.map((place) => place.known === true)).toEqual([false, true, true, true]);
    expect(grown?.evidence[0]?.text).toBe("the cause is known; what is new is in `ai/new.md`");
    const moved = { ...stale, places: stale.places.map((place) => ({ ...place, line: place.line + 9 })) };
    expect(markKnown([moved], baseline).findings[0]?.known).toBe(true);
  });

  it.each([
    ["not json", "b.json is no JSON"],
    ['{"version":2,"findings":[]}', "b.json: version"],
    ['{"version":1,"findings":[{"id":"x"}]}', "b.json: findings.0.id"],
  ])("refuses %s", (text, message) => {
    expect(() => parseBaseline(text, "b.json")).toThrow(
      expect.objectContaining({ code: "E_BASELINE", message: expect.stringContaining(message) as string }),
    );
  });

  it("fails by severity", () => {
    const warning = { ...of("copy-stale") };
    expect([
      fails([warning], "error"),
      fails([warning], "warning"),
      fails([warning], "note"),
      fails([warning], "never"),
    ]).toEqual([false, true, true, false]);
  });
});

describe("applyIgnores", () => {
  const none = { config: [], inline: new Map(), today: "2026-06-01" };

  it("takes out places, and the finding when none is left", () => {
    const rule = { rule: "ref-stale", path: "ai/QUICK_START.md", reason: "rewritten soon" };
    const { findings: left, ignored, warnings } = applyIgnores(findings, { ...none, config: [rule] });
    expect(left.find((one) => one.rule === "ref-stale")?.places).toEqual([
      expect.objectContaining({ path: "ai/full_package/manifest.json" }),
    ]);
    expect(ignored).toEqual({ findings: 0, places: 2 });
    expect(warnings).toEqual([]);
    const all = applyIgnores(findings, {
      ...none,
      config: [{ rule: "ref-stale", target: "ai/legacy", reason: "known" }],
    });
    expect(all.findings.some((one) => one.rule === "ref-stale")).toBe(false);
    const guide = { rule: "ref-stale", target: "ai/legacy/USER_*.md", reason: "known" };
    const most = applyIgnores(findings, { ...none, config: [guide] }).findings.find(
      (one) => one.rule === "ref-stale",
    );
    expect(most?.places.map((place) => place.target)).toEqual([
      "ai/legacy/train_moe.py",
      "ai/legacy/PROCEDURES.md",
    ]);
    expect(all.findings.length).toBe(findings.length - 1);
  });

  it("reads comments on the line and on the line above", () => {
    const inline = new Map([
      ["ai/platform/.env", [{ line: 1, rules: ["secret"] }]],
      [
        "ai/QUICK_START.md",
        [
          { line: 12, rules: ["ref-stale"] },
          { line: 90, rules: ["ref-stale"] },
        ],
      ],
    ]);
    const { findings: left, warnings } = applyIgnores(findings, { ...none, inline });
    expect(left.some((one) => one.rule === "secret")).toBe(false);
    expect(left.find((one) => one.rule === "ref-stale")?.places.length).toBe(2);
    expect(warnings).toEqual([
      {
        code: "ignore-unused",
        message: "line 90: nothing is found where ref-stale is ignored",
        path: "ai/QUICK_START.md",
      },
    ]);
  });

  it("reports rules that are unused, over or unknown", () => {
    const config = [
      { rule: "ref-stale", path: "nowhere/**", reason: "r" },
      { rule: "secret", until: "2026-05-31", reason: "r" },
      { rule: "ref-stal", reason: "r" },
    ];
    const { findings: left, warnings } = applyIgnores(findings, { ...none, config });
    expect(left).toEqual(findings);
    expect(warnings).toEqual([
      {
        code: "ignore-unused",
        message: "the config ignores rule ref-stale, path nowhere/**, but nothing is found there: remove it",
      },
      { code: "ignore-over", message: "the config ignores rule secret until 2026-05-31: it counts again" },
      {
        code: "ignore-unknown-rule",
        message: "the config ignores rule ref-stal, which is no rule. Did you mean ref-stale?",
      },
    ]);
  });
});
