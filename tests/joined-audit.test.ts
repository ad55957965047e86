import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "joined-audit-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const environment = { ...process.env, TRAINING_READY_CACHE: join(folder, "cache") };
const modules = `import(${JSON.stringify(new URL("../dist/cli/main.js", import.meta.url).href)}).then((m) => m.main(process.argv.slice(1)))`;
const run = (...words: string[]): string =>
  execFileSync(process.execPath, words, {
    cwd: folder,
    env: environment,
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });

// The built program: what `npm test` builds first.
describe.skipIf(!existsSync(join(root, "dist/cli/joined/audit.cjs")))("the joined program", () => {
  it("reports what the modules report", () => {
    const sample = join(folder, "sample");
    const audit = ["audit", "--repo", sample, "--fail-on", "never", "--json"];
    run(join(root, "bin/training-ready"), "sample", sample);
    const joined = run(join(root, "bin/training-ready"), ...audit);
    expect(JSON.parse(joined)).toHaveProperty("packages");
    expect(joined).toBe(run("-e", modules, "--", ...audit));
  });
});
