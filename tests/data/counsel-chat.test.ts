import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { findLeaks, findVerbatim } from "./leak-checker.ts";
import { configOf, readDataSet, readManifest, runIn, scratch } from "./run-data.ts";

// The three public releases are not part of this repository: name their folder to run this test on them.
const releases = process.env["TRAINING_READY_COUNSEL_CHAT"] ?? "";
const files = {
  "counsel-2020": "20200325_counsel_chat.csv",
  "counsel-html": "counselchat-data.csv",
  "counsel-json": "counsel_chat_250-tokens_full.json",
};

describe.skipIf(!existsSync(join(releases, files["counsel-2020"])) || releases === "")(
  "the counsel-chat releases (TRAINING_READY_COUNSEL_CHAT names their folder)",
  () => {
    it("become one data set; the leak of the published split is found, and ours has none", async () => {
      const sources = Object.entries(files).map(([name, file]) => ({
        name,
        uri: join(releases, file),
        licence: "MIT",
      }));
      const folder = scratch({ "training-ready.yaml": configOf(sources) });
      const { code, err } = await runIn(folder, "data", "build", "--out", "out");
      expect(code, err).toBe(0);
      const out = join(folder, "out");
      const manifest = readManifest(out);
      expect(manifest.sources.map(({ records }) => records)).toEqual([2129, 1482, 2012]);
      expect(manifest.duplicates[0]).toMatchObject({ source: "counsel-2020", exact: 120 });
      expect(manifest.publishedSplits).toContainEqual({
        source: "counsel-2020",
        split: "test",
        records: 117,
        verbatimInTrain: 38,
      });
      const records = readDataSet(out);
      expect(records).toHaveLength(manifest.conservation.written);
      const { leaks, compared } = findLeaks(records);
      expect(compared).toBeGreaterThan(1000);
      expect(leaks).toEqual([]);
      expect(findVerbatim(records)).toEqual([]);
      for (const [split, share] of [
        ["train", 0.8],
        ["validation", 0.1],
        ["test", 0.1],
      ] as const) {
        const got = (manifest.splits[split]?.records ?? 0) / manifest.conservation.written;
        expect(Math.abs(got - share)).toBeLessThan(0.005);
      }
    }, 240_000);
  },
);

const pair = (index: number) => ({
  prompt: `Question number ${index}, said in so many words?`,
  response: `Reply ${index * 7} follows here.`,
});

const python = process.env["TRAINING_READY_DATASETS_PYTHON"] ?? "python3";
const hasDatasets = (() => {
  try {
    execFileSync(python, ["-c", "import datasets"], { stdio: "ignore", timeout: 60_000 });
    return true;
  } catch {
    return false;
  }
})();

describe.skipIf(!hasDatasets)(
  "loading by Hugging Face datasets (TRAINING_READY_DATASETS_PYTHON names a Python that has it)",
  () => {
    it("gives every split with its records, by the card and by the bare files in any order", async () => {
      const rows = Array.from({ length: 40 }, (_, index) => pair(index));
      const turns = {
        conversation: [
          { role: "client", content: "x", name: "Sam" },
          { role: "therapist", content: "y" },
        ],
      };
      const folder = scratch({
        "training-ready.yaml": configOf([
          { name: "a", uri: "a.json", licence: "MIT", consent: "written" },
          { name: "b", uri: "b.json", licence: "MIT" },
        ]),
        "a.json": JSON.stringify(rows.slice(0, 20)),
        "b.json": JSON.stringify([
          ...rows.slice(20).map((row, index) => ({ ...row, client_id: index % 7 })),
          turns,
        ]),
      });
      expect((await runIn(folder, "data", "build", "--out", "out")).code).toBe(0);
      const out = join(folder, "out");
      const script = `
import datasets, glob, json, sys
out = sys.argv[1]
card = datasets.load_dataset(out)
files = {split: sorted(glob.glob(f"{out}/{split}/*.jsonl")) for split in card}
bare = [datasets.load_dataset("json", data_files={s: order(f) for s, f in files.items()}) for order in (sorted, lambda f: f[::-1])]
print(json.dumps([{split: len(rows) for split, rows in one.items()} for one in [card, *bare]]))
`;
      const printed = execFileSync(python, ["-c", script, out], {
        encoding: "utf8",
        env: { ...process.env, HF_HOME: join(folder, "hf"), HF_HUB_OFFLINE: "1" },
        stdio: ["ignore", "pipe", "ignore"],
      });
      const { splits } = readManifest(out);
      const counts = Object.fromEntries(
        Object.entries(splits).map(([split, { records }]) => [split, records]),
      );
      expect(JSON.parse(printed)).toEqual([counts, counts, counts]);
    }, 180_000);
  },
);
