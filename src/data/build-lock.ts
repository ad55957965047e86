import { randomBytes } from "node:crypto";
import { link, mkdir, readdir, readFile, rename, rm, rmdir, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { TrainingReadyError, writeFailed } from "../shared/index.ts";

export const lockName = ".lock";

type Holder = { pid: number; host: string; started: string; at: string };

/** When a process began, as Linux counts it: with it a number that was given again is told from the old one. */
async function startOf(pid: number): Promise<string> {
  const text = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  return text.slice(text.lastIndexOf(")") + 2).split(" ")[19] ?? "";
}

const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
};

async function isAlive(holder: Holder): Promise<boolean> {
  if (holder.host !== hostname()) return true; // cannot be told from here
  return isRunning(holder.pid) && holder.started === (await startOf(holder.pid));
}

/** Removes what runs left that were killed while they took the lock. */
async function removeLeftOvers(out: string): Promise<void> {
  for (const name of await readdir(out)) {
    const pid = /^\.lock\.(\d+)-/.exec(name)?.[1];
    if (pid !== undefined && !isRunning(Number(pid))) await rm(join(out, name), { force: true });
  }
}

/** Lets a folder go, and removes again what was made for the lock alone. */
async function letGo(out: string, created: string | undefined): Promise<void> {
  await rm(join(out, lockName), { force: true });
  if (created === undefined) return;
  for (let folder = out; folder.length >= created.length; folder = dirname(folder)) {
    try {
      await rmdir(folder);
    } catch {
      return; // it holds something
    }
  }
}

const sameText = async (path: string, text: string): Promise<boolean> =>
  (await readFile(path, "utf8").catch(() => "")) === text;

/**
 * Holds a data set's folder for one run. What a dead process left is taken over. Throws `E_LOCKED`.
 * Gives the function that lets it go.
 */
export async function lockFolder(out: string, clock: () => Date): Promise<() => Promise<void>> {
  const created = await mkdir(out, { recursive: true }).catch((cause: unknown) => {
    throw writeFailed(out, cause);
  });
  const lock = join(out, lockName);
  const holder: Holder = {
    pid: process.pid,
    host: hostname(),
    started: await startOf(process.pid),
    at: clock().toISOString(),
  };
  const own = `${JSON.stringify(holder)}\n`;
  const temporary = `${lock}.${process.pid}-${randomBytes(4).toString("hex")}`;
  try {
    await writeFile(temporary, own).catch((cause: unknown) => {
      throw writeFailed(temporary, cause);
    });
    for (let attempt = 0; attempt < 10; attempt++) {
      try {
        await link(temporary, lock); // whole at once, or not at all
        await removeLeftOvers(out);
        return () => letGo(out, created);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      }
      const text = await readFile(lock, "utf8").catch(() => undefined);
      if (text === undefined) continue; // let go in between
      let found: Holder | undefined;
      try {
        found = JSON.parse(text) as Holder;
      } catch {
        // a damaged lock names nobody who could hold it
      }
      if (found !== undefined && (await isAlive(found))) {
        throw new TrainingReadyError(
          "E_LOCKED",
          `${out} is held by process ${found.pid} on ${found.host} since ${found.at}`,
          {
            hint: `Wait for it. If that process is gone for good, remove ${lock} and run the command again.`,
          },
        );
      }
      // Another may have taken it over since it was read: only the dead one's file is taken away.
      const aside = `${temporary}.stale`;
      await rename(lock, aside).catch(() => undefined);
      if (!(await sameText(aside, text))) await link(aside, lock).catch(() => undefined);
      await rm(aside, { force: true });
    }
    throw new TrainingReadyError("E_LOCKED", `${out} is taken again and again by other runs`);
  } finally {
    await rm(temporary, { force: true });
  }
}
