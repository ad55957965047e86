import { createReadStream } from "node:fs";
import { readJsonLines, TrainingReadyError } from "../shared/index.ts";
import type { ShardFile } from "./data-set.ts";
import type { DocumentLine } from "./documents.ts";

type RecordLine = {
  id?: string;
  stage?: string;
  source?: string;
  labels?: Record<string, unknown>;
  messages?: { role: string; content: string }[];
};

const tokensPerTurn = 5; // control tokens, role and line ends of ChatML

/** A data set's conversations with their lengths as a quarter of the text's bytes, for plans without a tokenizer. */
export async function estimatedDocuments(files: readonly ShardFile[]): Promise<DocumentLine[]> {
  const found: DocumentLine[] = [];
  for (const { path } of files) {
    const stage = /([^/\\]+)-\d{5}\.jsonl$/.exec(path)?.[1] ?? null;
    for await (const line of readJsonLines(createReadStream(path))) {
      if (!line.ok)
        throw new TrainingReadyError("E_TRAIN_DATA", `${path}, line ${line.line} is no JSON`, {
          exitCode: 1,
        });
      const record = line.value as RecordLine;
      const size = (role?: string): number =>
        (record.messages ?? [])
          .filter((one) => role === undefined || one.role === role)
          .reduce((sum, one) => sum + Math.ceil(Buffer.byteLength(one.content) / 4) + tokensPerTurn, 0);
      const labels = Object.fromEntries(
        Object.entries(record.labels ?? {}).map(([key, one]) => [
          key,
          typeof one === "object" && one !== null && "value" in one ? one.value : one,
        ]),
      );
      found.push({
        offset: 0,
        length: size(),
        supervised: size("assistant"),
        domain: typeof labels["domain"] === "string" ? labels["domain"] : "general_therapeutic",
        id: record.id ?? "",
        stage: record.stage ?? stage,
        source: record.source ?? null,
        labels,
      });
    }
  }
  return found;
}
