import type { Log } from "sarif";
import { describe, expect, it } from "vitest";
import type { AuditReport, Finding } from "../report.ts";
import { exampleReport } from "./example.test-data.ts";
import { sarifReport, uriOf } from "./sarif.ts";

const tool = { name: "training-ready", version: "0.1.0" };
const logOf = (report: AuditReport, hasBaseline = false): Log =>
  JSON.parse(sarifReport(report, { tool, hasBaseline })) as Log;

describe("SARIF", () => {
  it("tells one finding with its bytes, places, fingerprint and fix", () => {
    const finding = exampleReport.findings.find((one) => one.rule === "ref-stale") as Finding;
    const run = logOf({ ...exampleReport, findings: [finding], warnings: [] }).runs[0];
    expect(run?.tool.driver).toEqual({
      name: "training-ready",
      version: "0.1.0",
      rules: [
        {
          id: "ref-stale",
          shortDescription: { text: "A reference to something that is gone" },
          fullDescription: {
            text: "A reference to something that is gone. The path existed, or its neighbours do, and it is read or linked from here. Point it at the new place, or remove it.",
          },
          help: {
            text: "The path existed, or its neighbours do, and it is read or linked from here. Point it at the new place, or remove it.",
            markdown:
              "The path existed, or its neighbours do, and it is read or linked from here. Point it at the new place, or remove it.",
          },
          defaultConfiguration: { level: "error" },
        },
      ],
    });
    const location = (uri: string, startLine: number, byteOffset: number, byteLength: number) => ({
      physicalLocation: {
        artifactLocation: { uri, uriBaseId: "%SRCROOT%" },
        region: { startLine, byteOffset, byteLength },
      },
    });
    expect(run?.results).toEqual([
      {
        ruleId: "ref-stale",
        ruleIndex: 0,
        level: "error",
        message: { text: finding.message },
        locations: [location("ai/QUICK_START.md", 12, 480, 22)],
        relatedLocations: [
          { id: 1, ...location("ai/QUICK_START.md", 31, 1240, 23) },
          { id: 2, ...location("ai/full_package/manifest.json", 9, 360, 23) },
        ],
        partialFingerprints: { "trainingReady/v1": finding.id },
        fixes: [
          {
            description: { text: "Point it at the proven new place." },
            artifactChanges: [
              {
                artifactLocation: { uri: "ai/QUICK_START.md", uriBaseId: "%SRCROOT%" },
                replacements: [
                  {
                    deletedRegion: { byteOffset: 480, byteLength: 22 },
                    insertedContent: { text: "ai/full_package/training_scripts/train_moe.py" },
                  },
                ],
              },
            ],
          },
        ],
      },
    ]);
  });

  it("leaves notes out, and refers to rules that are there", () => {
    const run = logOf(exampleReport).runs[0];
    const results = run?.results ?? [];
    expect(results).toHaveLength(exampleReport.findings.filter((one) => one.severity !== "note").length);
    for (const one of results) expect(run?.tool.driver.rules?.[one.ruleIndex ?? -1]?.id).toBe(one.ruleId);
    expect(run?.invocations?.[0]?.toolExecutionNotifications).toHaveLength(exampleReport.warnings.length);
  });

  it("says with a baseline what is new", () => {
    const findings = exampleReport.findings.map((one, index) =>
      index % 2 === 0 ? { ...one, known: true as const } : one,
    );
    const states = (logOf({ ...exampleReport, findings }, true).runs[0]?.results ?? []).map(
      (one) => one.baselineState,
    );
    expect(new Set(states)).toEqual(new Set(["new", "unchanged"]));
    expect(logOf({ ...exampleReport, findings }).runs[0]?.results?.[0]?.baselineState).toBeUndefined();
  });

  it("holds 25,000 results at most and tells how many it left out", () => {
    const [finding] = exampleReport.findings as [Finding];
    const findings = Array.from({ length: 25_010 }, (_, index) => ({
      ...finding,
      id: String(index).padStart(12, "0"),
    }));
    const run = logOf({ ...exampleReport, findings, warnings: [] }).runs[0];
    expect(run?.results).toHaveLength(25_000);
    expect(run?.invocations?.[0]?.toolExecutionNotifications?.[0]?.message.text).toBe(
      "10 more findings are left out: SARIF readers take 25000 results.",
    );
  });

  it("makes relative URIs of any name", () => {
    expect(uriOf("a b/c#d?e/ü.py")).toBe("a%20b/c%23d%3Fe/%C3%BC.py");
    expect(uriOf("http://x/y:z")).toBe("http%3A//x/y%3Az");
    expect(uriOf("\ud800")).toBe("%EF%BF%BD");
    expect(uriOf("")).toBe(".");
  });
});
