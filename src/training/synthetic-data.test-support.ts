import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { canonicalJson, jsonLine, sha256 } from "../shared/index.ts";
import { builtInRecords } from "./built-in-text.ts";

/** A folder of a test's own. */
export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), "training-ready-"));
}

/** A data set in the published form, of synthetic template conversations: train 80 %, the rest halved. */
export function writeSyntheticDataSet(
  folder: string,
  options: { records: number; stages?: readonly string[] },
): string {
  const stages = options.stages ?? ["stage1_foundation"];
  const records = builtInRecords({ seed: 5, count: options.records, split: "synthetic" }).map(
    (record, index) => ({
      v: 1,
      id: sha256(canonicalJson(record.messages.map(({ role, content }) => [role, content]))),
      messages: record.messages,
      source: "synthetic",
      stage: stages[index % stages.length],
      labels: {
        domain: { value: record.labels.domain.value, score: 1, labeller: "template@1" },
        quality: null,
      },
      extra: "{}",
      provenance: { uri: "synthetic.jsonl", offset: 0, length: 0, licence: "CC0-1.0" },
    }),
  );
  const each = Math.max(1, Math.floor(options.records / 10));
  const cut = {
    train: records.slice(2 * each),
    validation: records.slice(0, each),
    test: records.slice(each, 2 * each),
  };
  const splits = Object.fromEntries(
    Object.entries(cut).map(([split, items]) => {
      const shards = stages.flatMap((stage) => {
        const text = items
          .filter((item) => item.stage === stage)
          .map(jsonLine)
          .join("");
        if (text === "") return [];
        const path = `${split}/${stage}-00000.jsonl`;
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        writeFileSync(join(folder, path), text);
        return [
          {
            path,
            records: text.split("\n").length - 1,
            bytes: Buffer.byteLength(text),
            sha256: sha256(text),
          },
        ];
      });
      return [split, { records: items.length, tokens: 0, shards }];
    }),
  );
  const body = {
    version: 1,
    tokenizer: { name: "estimate", version: "1" },
    sources: [],
    quarantined: {},
    quotas: [],
    conservation: {
      read: options.records,
      written: options.records,
      quarantined: 0,
      deduplicated: 0,
      notSelected: 0,
    },
    splits,
    quarantine: [],
    dropped: [],
    leakage: { edgesChecked: 0, crossSplit: 0 },
  };
  writeFileSync(
    join(folder, "manifest.json"),
    JSON.stringify({ ...body, root: sha256(canonicalJson(body)) }, null, 1),
  );
  return folder;
}
