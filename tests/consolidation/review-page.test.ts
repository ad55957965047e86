import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { git, removeFolders, run, sample } from "./sample-repository.ts";

afterAll(removeFolders);

const pageIn = (folder: string): string => readFileSync(join(folder, "consolidation.html"), "utf8");
const textOf = (page: string): string =>
  page
    .replace(/<[^>]*>/g, "")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&amp;", "&");

describe("the review page", () => {
  it("tells every move, archive, deletion, rewrite and verdict, loads nothing, and needs no script", async () => {
    const root = await sample(7601);
    const [plan, out] = [join(root, "../plan.yaml"), join(root, "../review")];
    // Whatever a repository holds must come out as text.
    const hostile = "ai/training_ready/docs/<img src=x onerror=alert(1)>.md";
    writeFileSync(join(root, hostile), "# <script>alert(1)</script>\n\n[r](../README.md)\n");
    git(root, "add", "-A");
    git(root, "commit", "-qm", "hostile");
    const planned = await run(root, "plan", "--all", "--out", plan);
    const applied = await run(root, "apply", plan, "--yes", "--out", out);
    expect(applied.code).toBe(0);
    const page = pageIn(out);

    const style = /<style>([\s\S]*?)<\/style>/.exec(page)?.[1] ?? "";
    const hash = createHash("sha256").update(style).digest("base64");
    expect(page).toContain(`style-src &#39;sha256-${hash}&#39;`);
    expect(page).toContain("default-src &#39;none&#39;");
    expect(page).not.toMatch(/<script|<link|<img|<iframe|@import|url\(|<[^>]*\s(?:src|style|on[a-z]+)=/);
    expect(page).toContain("prefers-color-scheme:dark");
    const ids = [...page.matchAll(/\sid="([^"]+)"/g)].map((match) => match[1] as string);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, target] of page.matchAll(/href="#([^"]+)"/g)) expect(ids).toContain(target);

    const text = textOf(page);
    for (const line of planned.document.lines) {
      if (line.action === "archive") expect(text).toContain(`${line.from} in ${line.to}`);
      if (line.action === "delete") expect(text).toContain(line.from);
      if (line.action === "keep") expect(text).toContain(line.from);
    }
    const [moves, edits] = applied.document.commits as [string, string];
    const changed = git(root, "diff", "--name-only", "--diff-filter=M", moves, edits).split("\n");
    for (const path of changed)
      if (!/(?:home|consolidation)\.json$/.test(path)) expect(text).toContain(path.replaceAll('"', ""));
    expect(page.match(/class="tag good"\s*>holds</g)).toHaveLength(6);
    expect(text).toContain("The consolidation is whole.");

    // The same commits give the same page.
    const again = join(root, "../again");
    expect(await run(root, "verify", "--out", again)).toMatchObject({ code: 0 });
    expect(pageIn(again)).toBe(page);
  }, 120_000);
});
