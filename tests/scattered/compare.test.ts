import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { AuditReport } from "../../src/audit/report.ts";
import { writeSample, type AnswerKey } from "../../src/sample/index.ts";
import { compare } from "./compare.ts";
import { precision, recall } from "./tally.ts";

const base = mkdtempSync(join(tmpdir(), "compare-test-"));
afterAll(() => rmSync(base, { recursive: true, force: true }));

/** The report of an audit that is right about everything. */
function perfectReport(key: AnswerKey): AuditReport {
  return {
    summary: {},
    repository: { root: base, commit: key.commit, dirty: false, mount: null, historyReaches: null },
    packages: key.packages.map((path) => ({
      name: path,
      path,
      signals: [],
      files: 1,
      bytes: 1,
      pinned: false,
    })),
    groups: key.groups,
    boilerplate: key.boilerplate,
    folders: key.folders.map((one) => ({ ...one, similar: 0, onlyA: [], onlyB: [] })),
    copies: key.copies.map(({ a, b, relations, commits, behind }) => ({
      a,
      b,
      relation: relations[0] as "older",
      containment: 1,
      evidence: [],
      ...(commits === undefined ? {} : { commit: commits[0] as string }),
      ...(behind === undefined ? {} : { behind }),
    })),
    configs: key.configs,
    references: key.references.map(({ fix, ...one }) => ({
      ...one,
      kind: "link",
      confidence: "certain",
      evidence: [],
      ...(fix === undefined
        ? {}
        : { fix: { start: one.start, end: one.end, text: fix.to, certainty: fix.certainty } }),
    })),
    imports: key.imports.map((one) => ({ ...one, start: 0, end: 0, byEntry: [] })),
    entries: key.entries.map((one) => ({ ...one, id: one.path, command: "" })),
    datasets: key.datasets,
    findings: key.secrets.map((one) => ({
      id: "x",
      subject: "",
      rule: "secret",
      severity: "error",
      at: one,
      places: [],
      message: "",
      evidence: [],
    })),
    warnings: [],
  };
}

const sample = writeSample({ seed: 21, folder: join(base, "sample") });

describe("compare", () => {
  it("gives a perfect report full marks in every category", async () => {
    const { key } = await sample;
    const { rows, disagreements } = compare(key, perfectReport(key), () => true);
    expect(disagreements).toEqual([]);
    expect(rows.length).toBeGreaterThan(20);
    for (const row of rows) expect([row.category, precision(row), recall(row)]).toEqual([row.category, 1, 1]);
    expect(rows.find((row) => row.category === "reference stale")?.hits).toBeGreaterThan(10);
  });

  it("counts an empty report as missing all that is planted", async () => {
    const { key } = await sample;
    const report = {
      ...perfectReport({
        ...key,
        packages: [],
        groups: [],
        folders: [],
        copies: [],
        configs: [],
        references: [],
        imports: [],
        entries: [],
        datasets: [],
        secrets: [],
      }),
    };
    const { rows } = compare(key, report, () => true);
    for (const row of rows) expect(row.hits + row.falseAlarms).toBe(0);
    expect(rows.reduce((sum, row) => sum + row.misses, 0)).toBeGreaterThan(key.references.length / 2);
  });

  it("counts a wrong class twice, a shifted span and a wrong target once each way", async () => {
    const { key } = await sample;
    const report = perfectReport(key);
    const at = (verdict: string): number =>
      report.references.findIndex((one) => one.class === verdict && one.target !== undefined);
    const [alive, gone, data] = [at("resolves"), at("stale"), at("missing-data")];
    report.references[alive] = {
      ...(report.references[alive] as AuditReport["references"][number]),
      class: "stale",
    };
    report.references[gone] = {
      ...(report.references[gone] as AuditReport["references"][number]),
      target: "elsewhere",
    };
    const shifted = report.references[data] as AuditReport["references"][number];
    report.references[data] = { ...shifted, end: shifted.end + 1 };
    const { rows, disagreements } = compare(key, report, () => true);
    const row = (category: string) => rows.find((one) => one.category === category);
    expect(row("reference resolves")).toMatchObject({ falseAlarms: 0, misses: 1 });
    expect(row("reference stale")).toMatchObject({ falseAlarms: 2, misses: 1 });
    expect(row("reference missing-data")).toMatchObject({ falseAlarms: 1, misses: 1 });
    expect(disagreements.map((one) => one.kind).sort()).toEqual(["false", "missed", "wrong", "wrong"]);
  });

  it("refuses an older copy with the wrong direction, commit or distance", async () => {
    const { key } = await sample;
    const index = key.copies.findIndex((one) => one.relations.join() === "older" && one.behind !== undefined);
    const right = perfectReport(key).copies[index] as AuditReport["copies"][number];
    for (const change of [{ a: right.b, b: right.a }, { commit: "0".repeat(40) }, { behind: 99 }]) {
      const report = perfectReport(key);
      report.copies[index] = { ...right, ...change };
      const row = compare(key, report, () => true).rows.find((one) => one.category === "copies");
      expect(row).toMatchObject({ falseAlarms: 1, misses: 1 });
    }
  });
});
