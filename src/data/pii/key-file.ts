import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { sha256, TrainingReadyError } from "../../shared/index.ts";

const fewestBytes = 32;

/** The key of surrogates and group hashes from a file of one's own. Throws `E_DATA_KEY`. */
export async function readSurrogateKey(path: string, folder: string): Promise<string> {
  const file = resolve(folder, path);
  const refuse = (said: string): TrainingReadyError =>
    new TrainingReadyError("E_DATA_KEY", `${file} ${said}`, { exitCode: 1 });
  const bytes = await readFile(file).catch((cause: NodeJS.ErrnoException) => {
    throw refuse(cause.code === "ENOENT" ? "does not exist" : `cannot be read (${cause.code})`);
  });
  if (bytes.length < fewestBytes)
    throw refuse(`has ${bytes.length} bytes; a key has ${fewestBytes} at least`);
  if (new Set(bytes).size < 8) throw refuse("is no key: it repeats a few bytes");
  return sha256(Buffer.concat([Buffer.from("training-ready surrogate key 2\0"), bytes]));
}
