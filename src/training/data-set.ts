import { readFile, stat } from "node:fs/promises";
import { join, normalize } from "node:path";
import { z } from "zod";
import { TrainingReadyError } from "../shared/index.ts";

const shard = z.looseObject({
  path: z.string().min(1),
  records: z.number().int().min(0),
  bytes: z.number().int().min(0),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
const split = z.looseObject({ records: z.number().int().min(0), shards: z.array(shard) });

/** What training reads of a data manifest; other keys are left alone. */
const dataManifestSchema = z.looseObject({
  root: z.string().min(1),
  quotas: z.array(z.looseObject({ axis: z.string() })).optional(),
  splits: z.looseObject({ train: split, validation: split.optional(), test: split.optional() }),
});

export type ShardFile = { path: string; sha256: string; records: number };
export type DataSet = {
  folder: string;
  root: string;
  quotaAxes: string[];
  train: ShardFile[];
  validation: ShardFile[];
  test: ShardFile[];
};

function refuse(
  message: string,
  hint: string,
  code: "E_TRAIN_DATA" | "E_SHARD_CHANGED" = "E_TRAIN_DATA",
): never {
  throw new TrainingReadyError(code, message, { hint, exitCode: 1 });
}

/** Whether the data set's quotas applied the components' weights already: they are not applied twice. */
export const hasOwnComponents = (set: DataSet): boolean =>
  set.quotaAxes.some((axis) => /component|kan-?28/i.test(axis));

/** A built data set: its manifest checked, each shard there with its size; the worker checks the hashes. */
export async function readDataSet(folder: string): Promise<DataSet> {
  const path = join(folder, "manifest.json");
  let value: unknown;
  try {
    value = JSON.parse(await readFile(path, "utf8"));
  } catch {
    refuse(`${path} is missing or no JSON`, "Name a folder that `training-ready data build` made.");
  }
  const result = dataManifestSchema.safeParse(value);
  if (!result.success) {
    const issue = result.error.issues[0];
    refuse(`${path}: ${issue?.path.join(".")}: ${issue?.message}`, "Build the data set again.");
  }
  const { splits, root, quotas } = result.data;
  const files = async (name: "train" | "validation" | "test"): Promise<ShardFile[]> => {
    const found: ShardFile[] = [];
    for (const { path: relative, bytes, sha256, records } of splits[name]?.shards ?? []) {
      const inside = normalize(relative);
      if (inside.startsWith("..") || inside.startsWith("/"))
        refuse(`${path}: the shard ${relative} leaves the folder`, "Build the data set again.");
      const full = join(folder, inside);
      const size = await stat(full).then(
        (facts) => facts.size,
        () =>
          refuse(
            `${full} is named by the manifest and does not exist`,
            "Restore it, or build the data set again.",
          ),
      );
      if (size !== bytes) {
        const message = `${full} has ${size} bytes, the manifest says ${bytes}`;
        refuse(
          message,
          "Restore the file, or run `training-ready data build` to make it again.",
          "E_SHARD_CHANGED",
        );
      }
      found.push({ path: full, sha256, records });
    }
    return found;
  };
  const set = {
    train: await files("train"),
    validation: await files("validation"),
    test: await files("test"),
  };
  if (set.train.length === 0)
    refuse(`${path} has no shard to train on`, "Build the data set from sources that have conversations.");
  return { folder, root, quotaAxes: (quotas ?? []).map((one) => one.axis), ...set };
}
