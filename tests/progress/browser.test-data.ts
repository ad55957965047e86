import { existsSync } from "node:fs";
import type { Browser, Page } from "playwright-core";

const path = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find((one) =>
  existsSync(one),
);

/** Whether this machine has a browser that the page tests can drive; they say so where it is missing. */
export const hasBrowser = path !== undefined;

/** A headless Chromium. */
export async function openBrowser(): Promise<Browser> {
  const { chromium } = await import("playwright-core");
  if (path === undefined) throw new Error("no Chromium is installed");
  return await chromium.launch({ executablePath: path, args: ["--no-sandbox", "--disable-dev-shm-usage"] });
}

/**
 * What axe-core finds wrong by WCAG 2.2 A and AA, light and dark, one line a finding. `size`: only what depends on the
 * width, for a page that was looked at whole before.
 */
export async function axeFindings(page: Page, what: "all" | "size" = "all"): Promise<string[]> {
  const look = async (run: object): Promise<string[]> =>
    await page.evaluate(async (options) => {
      type Found = { violations: { id: string; nodes: { html: string }[] }[]; passes: unknown[] };
      const { axe, document } = globalThis as unknown as {
        axe: { run: (where: unknown, options: unknown) => Promise<Found> };
        document: unknown;
      };
      const found = await axe.run(document, { resultTypes: ["violations"], ...options });
      if (found.passes.length === 0) return ["axe looked at nothing"];
      return found.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(" | ")}`);
    }, run);
  const { default: axe } = await import("axe-core");
  await page.evaluate(axe.source);
  if (what === "size")
    return await look({ runOnly: { type: "rule", values: ["target-size", "scrollable-region-focusable"] } });
  const light = await look({
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
  });
  await page.emulateMedia({ colorScheme: "dark" });
  const dark = await look({ runOnly: ["color-contrast"] });
  return [...light, ...dark.map((one) => `dark ${one}`)];
}
