import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { AuditReport, Finding } from "../../report.ts";
import { exampleReport } from "../example.test-data.ts";
import { sealReport } from "../seal.ts";
import { escapeHtml, html, message } from "../../../shared/index.ts";
import { htmlReport } from "./page.ts";
import { treemap } from "./treemap.ts";

const options = { tool: { name: "training-ready", version: "0.1.0" }, commands: ["audit"] };
const page = htmlReport(sealReport(exampleReport), options);

describe("page", () => {
  it("loads nothing, and its policy allows only its own style and script", () => {
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1] ?? "";
    const hash = (tag: string): string => {
      const text = new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`).exec(page)?.[1] ?? "";
      return `&#39;sha256-${createHash("sha256").update(text).digest("base64")}&#39;`;
    };
    expect(policy).toContain("default-src &#39;none&#39;");
    expect(policy).toContain(`style-src ${hash("style")}`);
    expect(policy).toContain(`script-src ${hash("script")}`);
    expect(page).not.toMatch(/<link|<img|<iframe|<object|@import|url\(|src=|style="|\son[a-z]+="/);
    expect(page.match(/https?:\/\//g)).toBeNull();
  });

  it("opens on what to fix first, and has a section for everything else", () => {
    expect([...page.matchAll(/<section\s+id="([a-z-]+)"/g)].map((match) => match[1])).toEqual([
      "fix-first",
      "packages",
      "overlaps",
      "findings",
      "unique",
      "data",
      "commands",
      "unclear",
      "checks",
    ]);
  });

  it("has links that lead somewhere, and no id twice", () => {
    const ids = [...page.matchAll(/\sid="([^"]+)"/g)].map((match) => match[1] as string);
    expect(new Set(ids).size).toBe(ids.length);
    const links = [...page.matchAll(/href="#([^"]+)"/g)].map((match) => match[1] as string);
    expect(links.length).toBeGreaterThan(30);
    expect(links.filter((one) => !ids.includes(one))).toEqual([]);
  });

  it("shows every finding in the table, without script too", () => {
    const rows = [...page.matchAll(/<tr\s+id="f-([0-9a-f]{12})"/g)].map((match) => match[1]);
    expect(rows).toEqual(exampleReport.findings.map((one) => one.id));
  });

  it("names what has no text of its own", () => {
    for (const match of page.matchAll(/<(?:input|select|svg|form|nav)\b[^>]*>/g))
      expect(match[0]).toMatch(/aria-label=/);
    for (const match of page.matchAll(/<a\s+class="(?:p|l)[^>]*>/g)) expect(match[0]).toMatch(/aria-label=/);
  });

  it("stays below 5 MB on a huge report and tells what it leaves out", () => {
    const finding = exampleReport.findings.find((one) => one.rule === "ref-stale") as Finding;
    const long = "some/rather/long/folder/of/a/package/with/many/levels/of/folders";
    const findings = Array.from({ length: 5000 }, (_, index) => ({
      ...finding,
      id: String(index).padStart(12, "0"),
      message: `${finding.message} ${"x".repeat(600)}`,
      places: Array.from({ length: 60 }, (_, place) => ({
        path: `${long}-${place}/file.py`,
        line: place + 1,
      })),
    }));
    const [first] = exampleReport.packages as [AuditReport["packages"][number]];
    const packages = Array.from({ length: 300 }, (_, index) => ({
      ...first,
      name: `p${index}`,
      path: `${long}-${index}`,
    }));
    const groups = Array.from({ length: 2000 }, (_, index) => ({
      blob: String(index).padStart(40, "0"),
      bytes: 10,
      paths: [`${long}-${index % 300}/a${index}`, `${long}-${(index * 7 + 1) % 300}/a${index}`],
    }));
    const huge = htmlReport({ ...exampleReport, findings, packages, groups }, options);
    expect(Buffer.byteLength(huge)).toBeLessThanOrEqual(5_000_000);
    expect(huge).toMatch(/[0-9,]+ more findings, the mildest, stand in audit\.json/);
  });
});

describe("markup", () => {
  it("escapes all that is not markup", () => {
    const hostile = `<b a="1">'&\u202e\u0000`;
    expect(
      html`<i title="${hostile}">${hostile}${html`<u>${1}</u>`}${false}${undefined}${["a", "<"]}</i>`.text,
    ).toBe(
      '<i title="&lt;b a=&quot;1&quot;&gt;&#39;&amp;\\u202e\\u0000">&lt;b a=&quot;1&quot;&gt;&#39;&amp;\\u202e\\u0000<u>1</u>a&lt;</i>',
    );
    expect(escapeHtml("\ud800")).toBe("\ufffd");
    expect(message("a `b<` c").text).toBe("a <code>b&lt;</code> c");
  });
});

describe("treemap", () => {
  it("fills its frame with boxes in the ratio of the weights", () => {
    const frame = { x: 0, y: 0, width: 600, height: 400 };
    const weights = [6, 6, 4, 3, 2, 2, 1];
    const boxes = treemap(weights, frame);
    for (const [index, box] of boxes.entries()) {
      expect(box.width * box.height).toBeCloseTo(((weights[index] as number) / 24) * 240_000, 3);
      expect(box.x >= 0 && box.y >= 0 && box.x + box.width <= 600.001 && box.y + box.height <= 400.001).toBe(
        true,
      );
      expect(Math.max(box.width / box.height, box.height / box.width)).toBeLessThan(4);
    }
    expect(treemap([], frame)).toEqual([]);
  });
});
