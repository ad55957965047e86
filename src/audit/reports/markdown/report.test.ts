import { describe, expect, it } from "vitest";
import { exampleReport } from "../example.test-data.ts";
import { sealReport } from "../seal.ts";
import { markdownReport } from "./report.ts";
import { inlineCode, message, plain } from "./text.ts";

const options = { tool: { name: "training-ready", version: "0.1.0" }, commands: ["audit"] };

describe("Markdown report", () => {
  const text = markdownReport(sealReport(exampleReport), options);
  const section = (title: string): string => {
    const start = text.indexOf(`\n## ${title}\n`);
    const end = text.indexOf("\n## ", start + 1);
    return text.slice(start + 1, end < 0 ? undefined : end).trim();
  };

  it("has the headings of an audit written by hand", () => {
    expect(text.match(/^##? .*$/gm)).toEqual([
      "# Training Package Consolidation Audit - Findings",
      "## Fix First",
      "## Discovered Training Packages",
      "## Overlap Analysis",
      "## Consolidation Strategy",
      "## Missing Files to Document",
      "## Path Reference Updates Needed",
      "## Broken Imports and Commands",
      "## What Was Not Understood",
      "## Execution Checklist",
    ]);
  });

  it("tells each path to update with its proof", () => {
    const rows = section("Path Reference Updates Needed").split("\n").slice(2);
    expect(rows[0]).toBe("| Place | Written | Now | Evidence |");
    expect(rows[2]).toBe(
      "| `ai/QUICK_START.md:12` | `ai/legacy/train_moe.py` | `ai/full_package/training_scripts/train_moe.py` (certain) | the folder `ai/legacy` was removed (commit `0a1b2c3d4e5f`); the same bytes live at `ai/full_package/training_scripts/train_moe.py` (commit `77aa88bb99cc`) |",
    );
    expect(rows.filter((row) => row.includes("| not known |"))).toHaveLength(4);
  });

  it("ticks only what a check found to be so", () => {
    expect(section("Execution Checklist").split("\n").slice(4)).toEqual([
      "- [x] Inventory of all training packages: 3 packages, 21 files",
      "- [x] Overlaps compared by content: 2 groups of equal files, 2 unequal copies",
      "- [ ] Every reference names something that exists: 3 open causes",
      "- [ ] Every import of an own module resolves: 1 open cause",
      "- [ ] Every documented command can start: 1 open cause",
      "- [ ] Every file of code can be parsed: 1 open cause",
      "- [ ] No copy is an older or diverged version of another: 3 open causes",
      "- [ ] All data that files name is here or recorded: 2 open causes",
      "- [ ] No secret is in the files: 1 open cause",
    ]);
    const clean = markdownReport({ ...exampleReport, findings: [] }, options);
    expect(clean.match(/^- \[ \]/gm)).toBeNull();
  });

  it("lists overlaps with what helps to decide", () => {
    expect(section("Overlap Analysis")).toContain(
      [
        "- **`train_moe.py`**: `ai/cloud_package/scripts/train_moe.py` and `ai/full_package/training_scripts/train_moe.py`",
        "  - **Evidence**: `ai/cloud_package/scripts/train_moe.py` equals a past version of `ai/full_package/training_scripts/train_moe.py`, 3 versions behind (commit `5e1f0c2d3b4a`)",
        "  - **Evidence**: equal blobs at that commit (commit `5e1f0c2d3b4a`)",
        "  - **Evidence**: `ai/cloud_package/scripts/train_moe.py` 0 references from other packages, started by 1 command of which 0 load; `ai/full_package/training_scripts/train_moe.py` 1 reference from other packages, started by 1 command of which all load",
      ].join("\n"),
    );
  });

  it("never quotes secrets or long values of configurations", () => {
    const values = section("Overlap Analysis");
    expect(values).toContain('  - `tracker.api_key`: `[secret]` and `""`');
    expect(values).toContain('  - `system_prompt`: `<text of 120 characters>` and `"short"`');
  });
});

describe("Markdown text", () => {
  it("shows any text as just that text", () => {
    expect(plain("a_b __c__ *d* [e](f) <g> &h; | `i`")).toBe(
      "a_b \\_\\_c\\_\\_ \\*d\\* \\[e\\](f) &lt;g\\> &amp;h; \\| \\`i\\`",
    );
    expect(plain("1. one")).toBe("1\\. one");
    expect(plain("a\nb\u001b[0m")).toBe("a\\\\nb\\\\u001b\\[0m");
  });

  it("fences code that holds fences", () => {
    expect(inlineCode("a`b")).toBe("``a`b``");
    expect(inlineCode("`a`")).toBe("`` `a` ``");
    expect(inlineCode("a|b")).toBe("`a\\|b`");
    expect(message("see `a_b` now")).toBe("see `a_b` now");
  });
});
