import { afterEach, describe, expect, it } from "vitest";
import { TemporaryRepository } from "../repository/temporary-repository.test-support.ts";
import { drain, tool } from "../shared/index.ts";
import { audit } from "./audit.ts";
import { proposeManifest } from "./home-proposal.ts";

const made: TemporaryRepository[] = [];
afterEach(() => {
  for (const one of made.splice(0)) one.remove();
});

const manifest = (datasets: unknown): string =>
  `${JSON.stringify({ version: 1, tool, packages: [], artifacts: [], datasets, models: [], platforms: [] }, null, 2)}\n`;

async function audited(home: string) {
  const repository = new TemporaryRepository();
  made.push(repository);
  const readme = "# Data\n\n- `data/dialogues.jsonl` (2.4 GB)\n- `data/notes.jsonl`\n- `data/other.jsonl`\n";
  repository.commit("data is here", { "home/data/notes.jsonl": '{"a": 1}\n', "home/README.md": readme });
  repository.git("rm", "--quiet", "home/data/notes.jsonl");
  repository.commit("data went to a bucket", { "home/home.json": home });
  return drain(audit({ folder: repository.root }));
}

describe("data that a home's manifest points to", () => {
  const pointers = manifest([
    {
      name: "dialogues.jsonl",
      state: "remote",
      pointer: "s3://bucket/dialogues.jsonl",
      path: "data/dialogues.jsonl",
    },
    { name: "notes.jsonl", state: "remote", pointer: "gdrive://folder/notes.jsonl" },
    { name: "unmentioned.jsonl", state: "remote", pointer: "s3://bucket/unmentioned.jsonl" },
  ]);

  it("is named with its address, not called missing or stale", async () => {
    const { report } = await audited(pointers);
    const classes = report.references
      .filter(({ path, raw }) => path === "home/README.md" && raw.endsWith(".jsonl"))
      .map(({ raw, class: kind, evidence }) => [raw, kind, evidence[0]?.kind]);
    expect(classes).toEqual([
      ["data/dialogues.jsonl", "external", "pointer"],
      ["data/notes.jsonl", "external", "pointer"],
      ["data/other.jsonl", "missing-data", "data"],
    ]);
    expect(report.findings.map(({ rule }) => rule)).toEqual(["ref-missing-data"]);
  });

  it("stands in the report's data sets and in the manifest that it proposes", async () => {
    const result = await audited(pointers);
    const wanted = [
      ["dialogues.jsonl", "remote", "s3://bucket/dialogues.jsonl"],
      ["notes.jsonl", "remote", "gdrive://folder/notes.jsonl"],
      ["other.jsonl", "missing", undefined],
      ["unmentioned.jsonl", "remote", "s3://bucket/unmentioned.jsonl"],
    ];
    expect(result.report.datasets.map((one) => [one.name, one.state, one.pointer])).toEqual(wanted);
    const proposed = await proposeManifest(result);
    expect(proposed.datasets.map((one) => [one.name, one.state, one.pointer])).toEqual(wanted);
  });

  it("a damaged manifest is a warning that says what does not fit", async () => {
    const { report } = await audited(pointers.replace('"remote"', '"somewhere"'));
    const [warning] = report.warnings.filter(({ code }) => code === "manifest-unreadable");
    expect(warning).toMatchObject({ path: "home/home.json" });
    expect(warning?.message).toContain("datasets.0.state");
  });
});
