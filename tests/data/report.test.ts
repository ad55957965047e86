import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { axeFindings, hasBrowser, openBrowser } from "../progress/browser.test-data.ts";
import { configOf, readManifest, runIn, scratch } from "./run-data.ts";
import { syntheticPairs } from "./synthetic.ts";

const secretWords = "zebra quagga okapi tapir";
const hostile = "<img src=x onerror=alert(1)>";

async function report(): Promise<{ file: string; folder: string }> {
  const rows = [
    ...syntheticPairs(200, 4),
    {
      prompt: "Hi, my name is Anna Smith and I cannot sleep at night.",
      response: `${secretWords} for a long reply`,
    },
    { prompt: "no reply" },
  ];
  const folder = scratch({
    "training-ready.yaml": configOf([{ name: "a", uri: "a.jsonl", licence: hostile }]),
    "a.jsonl": rows.map((row) => `${JSON.stringify(row)}\n`).join(""),
  });
  expect((await runIn(folder, "data", "build", "--out", "out")).code).toBe(0);
  const { code, err } = await runIn(folder, "data", "inspect", "--out", "out", "--report", "report.html");
  expect(code, err).toBe(0);
  return { file: join(folder, "report.html"), folder };
}

describe("the report of a data set", () => {
  it("tells counts that the manifest holds, loads nothing and holds no record's text", async () => {
    const { file, folder } = await report();
    const text = readFileSync(file, "utf8");
    const { root, conservation } = readManifest(join(folder, "out"));
    expect(text).toContain(root);
    for (const part of ["read", "written", "quarantined"] as const)
      expect(text).toContain(`<dd>${conservation[part]}</dd>`);
    expect(text).not.toContain("zebra");
    expect(text).not.toContain(hostile);
    expect(text).toContain("&lt;img");
    expect(text).not.toMatch(/(?:src|href)="(?!#)/);
    expect(text).toContain("default-src &#39;none&#39;");
  }, 60_000);

  it.skipIf(!hasBrowser)(
    "is drawn without a complaint, and people can read it (needs Chromium)",
    async () => {
      const { file } = await report();
      const browser = await openBrowser();
      try {
        const page = await browser.newPage();
        const said: string[] = [];
        page.on("console", (message) => said.push(message.text()));
        page.on("pageerror", (error) => said.push(error.message));
        await page.goto(pathToFileURL(file).href);
        expect(await page.locator("svg rect").count()).toBeGreaterThan(20);
        const widths = await page
          .locator("svg rect")
          .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().width));
        expect(Math.max(...widths)).toBeGreaterThan(100);
        await page.setViewportSize({ width: 375, height: 800 });
        const overflow = await page.evaluate("document.documentElement.scrollWidth - innerWidth");
        expect(overflow).toBeLessThanOrEqual(0);
        expect(said).toEqual([]);
      } finally {
        await browser.close();
      }
      const checked = await openBrowser();
      try {
        // The policy forbids the checker's script too.
        const page = await (await checked.newContext({ bypassCSP: true })).newPage();
        await page.goto(pathToFileURL(file).href);
        expect(await axeFindings(page)).toEqual([]);
      } finally {
        await checked.close();
      }
    },
    120_000,
  );
});
