import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { TrainingReadyError, writeFileAtomic } from "../shared/index.ts";

/** Beside the config: where data sets of this home were sent, so that a forgotten client can be followed there. */
const fileName = join(".training-ready", "pushed.json");

/** Places that data sets of a home were sent to. Throws `E_FILE_UNREADABLE`. */
export async function readPushedPlaces(folder: string): Promise<string[]> {
  const file = join(folder, fileName);
  try {
    const { places } = JSON.parse(await readFile(file, "utf8")) as { places?: unknown };
    if (Array.isArray(places)) return places.filter((one) => typeof one === "string");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw new TrainingReadyError("E_FILE_UNREADABLE", `${file} cannot be read`, { cause: error });
  }
  throw new TrainingReadyError("E_FILE_UNREADABLE", `${file} is damaged: it lists where data sets were sent`);
}

/** Notes a place that a data set of the home was sent to. */
export async function notePushedPlace(folder: string, place: string): Promise<void> {
  const known = await readPushedPlaces(folder);
  if (known.includes(place)) return;
  const places = [...known, place].toSorted();
  await writeFileAtomic(join(folder, fileName), `${JSON.stringify({ version: 1, places }, null, 2)}\n`);
}
