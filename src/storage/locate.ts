import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { TrainingReadyError } from "../shared/index.ts";
import { fileStore } from "./file-store.ts";
import type { Store } from "./store.ts";

export type Located = { store: Store; uri: string };

/** The store for a URI, and the URI in that store's own form. Paths start at `folder`. */
export function locate(uri: string, folder: string): Located {
  const scheme = /^([a-z][a-z0-9+.-]+):\/\//i.exec(uri)?.[1]?.toLowerCase();
  if (scheme === undefined) return { store: fileStore, uri: resolve(folder, uri) };
  if (scheme === "file") return { store: fileStore, uri: fileURLToPath(uri) };
  throw new TrainingReadyError("E_DATA_SOURCE_MISSING", `${scheme}:// is no place that can be read`, {
    hint: "Use a path or a file:// URL.",
    exitCode: 1,
  });
}
