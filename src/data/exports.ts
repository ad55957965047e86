import { join } from "node:path";
import { jsonLine } from "../shared/index.ts";
import { ListedWriter } from "./listed-writer.ts";
import { readOwnLines } from "./read-lines.ts";
import { splitNames, type ListedFile, type Manifest } from "./schema.ts";

type Turn = { role: string; content: string };
type Line = { id: string; messages: Turn[]; source: string; stage: string };

/** One row a conversation: the last reply, what was asked for it, and the exchanges before as pairs. */
export function alpacaRow(record: Line) {
  const last = record.messages.findLastIndex(({ role }) => role === "assistant");
  const before = record.messages.slice(0, last);
  const system = before.filter(({ role }) => role === "system").map(({ content }) => content);
  const pairs: [string[], string[]][] = [[[], []]];
  for (const { role, content } of before) {
    if (role === "system") continue;
    const pair = pairs.at(-1) as [string[], string[]];
    if (role === "assistant") pair[1].push(content);
    else if (pair[1].length > 0) pairs.push([[content], []]);
    else pair[0].push(content);
  }
  const text = (parts: readonly string[]): string => parts.join("\n\n");
  const current = pairs.at(-1) as [string[], string[]];
  const isOpen = current[1].length === 0;
  const history = isOpen ? pairs.slice(0, -1) : pairs;
  return {
    id: record.id,
    instruction: isOpen ? text(current[0]) : "",
    input: "",
    output: record.messages[last]?.content ?? "",
    history: history.map(([asked, replied]) => [text(asked), text(replied)]),
    system: text(system),
    source: record.source,
    stage: record.stage,
  };
}

/** Writes the Alpaca form of every split. */
export async function writeAlpaca(folder: string, splits: Manifest["splits"]): Promise<ListedFile[]> {
  const files: ListedFile[] = [];
  for (const split of splitNames) {
    if (splits[split].records === 0) continue;
    const rows = new ListedWriter(folder, `alpaca/${split}.jsonl`);
    for (const shard of splits[split].shards) {
      for await (const record of readOwnLines<Line>(join(folder, shard.path))) {
        rows.add(jsonLine(alpacaRow(record)));
        if (rows.isFull) await rows.flush();
      }
    }
    files.push(await rows.finish());
  }
  return files;
}

/** `MASTER_STAGE_MANIFEST.json`: a view of the manifest by stage, for programs that know the old form. */
export function stageManifest(
  manifest: Manifest,
  available: Readonly<Record<string, number>>,
  generatedAt: string,
): Record<string, unknown> {
  const stages = manifest.masters.map(({ stage, path, records, bytes, sha256 }) => {
    const quota = manifest.quotas.find((one) => one.axis === "stage" && one.stratum === stage);
    const target = quota?.wanted ?? available[stage] ?? records;
    return [
      stage,
      { samples: records, target, available: available[stage] ?? records, output_path: path, bytes, sha256 },
    ];
  });
  return {
    version: 1,
    generated_at: generatedAt,
    root: manifest.root,
    note: "samples: records of train alone; target and available: over all splits",
    stages: Object.fromEntries(stages) as Record<string, unknown>,
  };
}
