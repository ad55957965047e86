import { join } from "node:path";
import type { DataConfig, GenerateConfig } from "../../home/index.ts";
import { sha256, TrainingReadyError } from "../../shared/index.ts";
import { foldConcepts, type NamedConcept } from "../knowledge/concept.ts";
import { readConcepts } from "../knowledge/read-concepts.ts";
import { starterConcepts } from "../knowledge/starter-concepts.data.ts";
import { readManifest } from "../manifest.ts";
import { readOwnLines } from "../read-lines.ts";
import { splitNames } from "../schema.ts";
import type { WorkRecord } from "../work-record.ts";
import type { Material, Parent } from "./items.ts";

const mostTurns = 12;

/** Records to enrich: scrubbed ones of a built data set that no model wrote, in an order drawn from the seed. */
async function readParents(
  out: string,
  task: { name: string; count: number; source?: string | undefined },
  seed: string,
): Promise<Parent[]> {
  const manifest = await readManifest(out);
  const found: (Parent & { rank: string })[] = [];
  for (const name of splitNames)
    for (const shard of manifest.splits[name].shards)
      for await (const record of readOwnLines<WorkRecord>(join(out, shard.path))) {
        if (record.provenance.generator !== "" || record.messages.length > mostTurns) continue;
        if (task.source !== undefined && record.source !== task.source) continue;
        const rank = sha256(`${seed}|${task.name}|${record.id}`);
        found.push({ id: record.id, messages: record.messages, rank });
        if (found.length > task.count * 4 + 1000) {
          found.sort((a, b) => (a.rank < b.rank ? -1 : 1));
          found.length = task.count;
        }
      }
  found.sort((a, b) => (a.rank < b.rank ? -1 : 1));
  if (found.length === 0)
    throw new TrainingReadyError("E_GENERATE_CONFIG", `task ${task.name}: ${out} has no record to enrich`, {
      exitCode: 1,
      hint: "Build the data set first, and name a source that it has.",
    });
  return found.slice(0, task.count).map(({ id, messages }) => ({ id, messages }));
}

/** What the tasks start from: concepts, and records of the built data set. Throws `E_GENERATE_CONFIG`, `E_DATA_*`. */
export async function loadMaterial(
  config: GenerateConfig,
  data: Pick<DataConfig, "pii" | "seed">,
  place: { folder: string; out: string },
): Promise<(task: string) => Material> {
  const materials = new Map<string, Material>();
  for (const task of config.tasks) {
    let concepts: readonly NamedConcept[] = [];
    let parents: readonly Parent[] = [];
    if (task.kind === "knowledge")
      concepts =
        task.concepts === undefined
          ? starterConcepts
          : foldConcepts((await readConcepts(task.concepts, place.folder)).concepts).concepts;
    if (task.kind === "enrich") {
      if (!data.pii.scrub)
        throw new TrainingReadyError(
          "E_GENERATE_CONFIG",
          `task ${task.name}: records that are not scrubbed are not sent to a service`,
          { exitCode: 1, hint: "Set data.pii.scrub to true and build again." },
        );
      parents = await readParents(place.out, task, data.seed);
    }
    materials.set(task.name, { concepts, parents });
  }
  return (task) => materials.get(task) ?? { concepts: [], parents: [] };
}
