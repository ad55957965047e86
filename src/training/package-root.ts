import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The program's folder: what holds `recipes/` and `trainer/`, both from sources and from `dist/`. */
export const packageRoot = resolve(dirname(fileURLToPath(import.meta.url)), "..", "..");
