import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import { TrainingReadyError, type JobEvent } from "../shared/index.ts";
import type { RemoteFolder } from "../storage/index.ts";
import { lockFolder } from "./build-lock.ts";
import { isBuiltWithout } from "./forgotten.ts";
import {
  plainListName,
  pointerName,
  pointerText,
  pruningNow,
  readCurrent,
  removedKey,
  textOf,
  versionKey,
  versionsOf,
  type Current,
  type RemoteVersion,
} from "./remote-version.ts";
import type { Forgotten } from "./schema.ts";

export type PruneOptions = {
  /** Newest versions that stay, the current one among them; absent: all. */
  keep?: number | undefined;
  /** Remove versions that were built before one of these was forgotten. */
  forgotten?: Forgotten | undefined;
  /** Finish what a removal that was cut off began. */
  resume?: boolean;
};

export type PushedVersion = {
  hash: string;
  root: string;
  isCurrent: boolean;
  /** It was built before one of the home's forgotten clients was forgotten; absent where nobody asked. */
  isBefore?: boolean;
};

export type PrunePlan = {
  kept: PushedVersion[];
  removed: (PushedVersion & { why: "older" | "forgotten" })[];
  /** Files that no kept version names, of pushes that ended early too. */
  objects: { path: string; bytes: number }[];
  bytes: number;
  warnings: string[];
};

type Listed = PushedVersion & { version: RemoteVersion };

/** Whether a version was built without all who were forgotten, as its `run.json` says; one that does not say so was not. */
async function isBefore(
  remote: RemoteFolder,
  { files }: RemoteVersion,
  forgotten: Forgotten,
): Promise<boolean> {
  const run = files["run.json"];
  if (run === undefined || (await remote.sizeOf(run.key)) === undefined) return true;
  return !isBuiltWithout(await textOf(remote, run.key), forgotten);
}

/** Versions at a place, newest first, of the layout that keeps versions. */
export async function listVersions(
  remote: RemoteFolder,
  forgotten: Forgotten | undefined,
): Promise<Listed[]> {
  const found: Listed[] = [];
  for await (const { version, hash } of versionsOf(remote)) {
    if (hash === undefined) continue;
    const about = { hash, root: version.root, isCurrent: found.length === 0, version };
    found.push(
      forgotten === undefined ? about : { ...about, isBefore: await isBefore(remote, version, forgotten) },
    );
  }
  return found;
}

function shown(listed: Listed): PushedVersion {
  const { version: _, ...rest } = listed;
  return rest;
}

/**
 * What pruning would remove. Writes nothing. Throws `E_DATA_SOURCE_MISSING`, `E_DATA_PRUNING`, `E_DATA_FORGOTTEN`,
 * `E_DATA_SET`.
 */
export async function planPrune(remote: RemoteFolder, options: PruneOptions): Promise<PrunePlan> {
  const { keep, forgotten } = options;
  const pointed = await readCurrent(remote);
  if (pointed?.pruning !== undefined && options.resume !== true) throw pruningNow(remote, pointed.pruning);
  const versions = await listVersions(remote, forgotten);
  const current = versions[0];
  if (current === undefined)
    throw new TrainingReadyError("E_DATA_SOURCE_MISSING", `${remote.uriOf(pointerName)} does not exist`, {
      exitCode: 1,
      hint: "Only places that `training-ready data push` wrote can be pruned.",
    });
  if (current.isBefore === true)
    throw new TrainingReadyError(
      "E_DATA_FORGOTTEN",
      `${remote.uriOf("")}: the current version ${current.hash.slice(0, 12)} was built before a client was forgotten`,
      { exitCode: 1 },
    );
  const kept: Listed[] = [];
  const removed: (Listed & { why: "older" | "forgotten" })[] = [];
  for (const one of versions) {
    if (one.isBefore === true) removed.push({ ...one, why: "forgotten" });
    else if (keep !== undefined && kept.length >= keep) removed.push({ ...one, why: "older" });
    else kept.push(one);
  }
  const needed = new Set<string>();
  for (const { version } of kept) for (const file of Object.values(version.files)) needed.add(file.key);
  const named = new Set(kept.map(({ hash }) => versionKey(hash)));
  const chained = new Set(removed.map(({ hash }) => versionKey(hash)));
  const objects = (await remote.list("objects/")).filter(({ path }) => !needed.has(path));
  // Lists of pushes that never came to the pointer; those of the chain go with their versions.
  const stray = (await remote.list("versions/")).filter(
    ({ path }) => !path.endsWith(".removed.json") && !named.has(path) && !chained.has(path),
  );
  const all = [...objects, ...stray];
  const warnings: string[] = [];
  if ((await remote.sizeOf(plainListName)) !== undefined)
    warnings.push(
      `${remote.uriOf(plainListName)}: files in the layout of an earlier release are left as they are`,
    );
  if ((await remote.keepsRemoved()) === true)
    warnings.push(
      "the bucket keeps versions of its objects: what is removed can be had until its old versions are removed too",
    );
  return {
    kept: kept.map(shown),
    removed: removed.map(({ why, ...one }) => ({ ...shown(one), why })),
    objects: all,
    bytes: all.reduce((sum, { bytes }) => sum + bytes, 0),
    warnings,
  };
}

async function removeListed(remote: RemoteFolder, plan: PrunePlan, versions: readonly Listed[]) {
  for (const { hash } of plan.removed) {
    // The chain goes on over what is gone.
    const previous = versions.find((one) => one.hash === hash)?.version.previous;
    await remote.write(removedKey(hash), `${JSON.stringify({ version: 2, previous })}\n`);
    await remote.remove(versionKey(hash));
  }
}

/**
 * Removes versions, then files that no kept version names. The pointer is marked first, under the condition that it is
 * the one that was read: a push that began before fails at it, one that begins meanwhile is refused. Throws
 * `E_DATA_REMOTE_CHANGED` and as `planPrune`.
 */
export async function* prune(
  remote: RemoteFolder,
  options: PruneOptions,
  clock: () => Date,
): AsyncGenerator<JobEvent, PrunePlan> {
  const letGo = remote.folder === undefined ? undefined : await lockFolder(remote.folder, clock);
  try {
    await planPrune(remote, options); // whatever forbids it is said before anything is marked
    const seen = (await readCurrent(remote)) as Current;
    const { root } = seen.version;
    const pruning = { host: hostname(), pid: process.pid, since: clock().toISOString() };
    // Drawn: the same text would have the same tag, and a push that saw it before would pass.
    const nonce = randomBytes(8).toString("hex");
    await remote.replacePointer(
      pointerName,
      pointerText(root, seen.hash, { pruned: nonce, pruning }),
      seen.pointer,
    );
    const marked = await readCurrent(remote);
    const versions = await listVersions(remote, options.forgotten);
    const plan = await planPrune(remote, { ...options, resume: true });
    if (!(await remote.heedsConditions(pointerName, marked?.pointer.text ?? "", marked?.pointer)))
      plan.warnings.push(
        `${remote.uriOf("")} does not heed conditions on writes: nobody may push while it is pruned`,
      );
    await removeListed(remote, plan, versions);
    for (const [index, { path }] of plan.objects.entries()) {
      await remote.remove(path);
      yield { type: "file-removed", done: index + 1, total: plan.objects.length };
    }
    await remote.replacePointer(
      pointerName,
      pointerText(root, seen.hash, { pruned: nonce }),
      marked?.pointer,
    );
    return plan;
  } finally {
    await letGo?.();
  }
}
