import { createHmac, randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { TrainingReadyError, writeFileAtomic } from "../shared/index.ts";
import type { Forgotten } from "./schema.ts";

/** Beside the config: every build that starts from it leaves these clients out, whatever its output folder. */
const fileName = join(".training-ready", "forgotten.json");

const hashOf = (key: string, client: string): string =>
  createHmac("sha256", key).update(`forgotten|${client.trim()}`).digest("hex");

/** The clients that a home has forgotten, or undefined if there are none. Throws `E_FILE_UNREADABLE`. */
export async function readForgotten(folder: string): Promise<Forgotten | undefined> {
  const file = join(folder, fileName);
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new TrainingReadyError("E_FILE_UNREADABLE", `${file} cannot be read`, { cause: error });
  }
  try {
    const { key, clients } = JSON.parse(text) as Forgotten;
    if (typeof key === "string" && Array.isArray(clients)) return { key, clients: clients.toSorted() };
  } catch {
    // said below
  }
  // To build as if nobody had been forgotten would be the worst answer.
  throw new TrainingReadyError(
    "E_FILE_UNREADABLE",
    `${file} is damaged: it lists the clients that must stay out`,
  );
}

/** Adds a client to the home's list. False if they were on it. */
export async function addForgotten(folder: string, client: string): Promise<boolean> {
  const known = (await readForgotten(folder)) ?? { key: randomBytes(32).toString("hex"), clients: [] };
  const hash = hashOf(known.key, client);
  if (known.clients.includes(hash)) return false;
  const next = { version: 1, key: known.key, clients: [...known.clients, hash].toSorted() };
  await writeFileAtomic(join(folder, fileName), `${JSON.stringify(next, null, 2)}\n`, { mode: 0o600 });
  return true;
}

/** Tells of a client whether they were forgotten. */
export function forgottenTest(forgotten: Forgotten | undefined): (client: string | undefined) => boolean {
  if (forgotten === undefined) return () => false;
  const hashes = new Set(forgotten.clients);
  return (client) => client !== undefined && hashes.has(hashOf(forgotten.key, client));
}

const markDigits = 24;

/** What a data set's `run.json` says of whom it was built without: the beginnings of the keyed hashes. */
export const forgottenMarks = (forgotten: Forgotten | undefined): string[] =>
  (forgotten?.clients ?? []).map((hash) => hash.slice(0, markDigits)).toSorted();

/** Whether a `run.json` says that its data set was built without all of these. */
export function isBuiltWithout(run: string, forgotten: Forgotten): boolean {
  try {
    const { forgotten: marks } = JSON.parse(run) as { forgotten?: unknown };
    return Array.isArray(marks) && forgottenMarks(forgotten).every((mark) => marks.includes(mark));
  } catch {
    return false;
  }
}
