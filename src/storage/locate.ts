import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { TrainingReadyError } from "../shared/index.ts";
import { fileStore } from "./file-store.ts";
import { driveAccessFrom } from "./drive-access.ts";
import { driveStore } from "./drive-store.ts";
import { httpStore } from "./http-store.ts";
import { hubAccessFrom, hubStore } from "./hub-store.ts";
import { s3AccessFrom, s3Store } from "./s3-store.ts";
import type { Store } from "./store.ts";

export type Located = { store: Store; uri: string };

/** The store for a URI, and the URI in that store's own form. Paths start at `folder`. */
export function locate(uri: string, folder: string): Located {
  const scheme = /^([a-z][a-z0-9+.-]+):\/\//i.exec(uri)?.[1]?.toLowerCase();
  if (scheme === undefined) return { store: fileStore, uri: resolve(folder, uri) };
  if (scheme === "http" || scheme === "https") return { store: httpStore(), uri };
  if (scheme === "s3") return { store: s3Store(s3AccessFrom(process.env)), uri };
  if (scheme === "hf") return { store: hubStore(hubAccessFrom(process.env)), uri };
  if (scheme === "gdrive") return { store: driveStore(driveAccessFrom(process.env)), uri };
  if (scheme === "file") return { store: fileStore, uri: fileURLToPath(uri) };
  throw new TrainingReadyError("E_DATA_SOURCE_MISSING", `${scheme}:// is no place that can be read`, {
    hint: "Use a path, or a file://, http://, https://, s3://, hf:// or gdrive:// URL.",
    exitCode: 1,
  });
}

/** A URI as it may be published: without user, password, query and fragment, which may be secret. */
export function publicUri(uri: string): string {
  if (!/^[a-z][a-z0-9+.-]+:\/\//i.test(uri)) return uri;
  const end = uri.search(/[?#]/);
  return (end < 0 ? uri : uri.slice(0, end)).replace(/^([a-z][a-z0-9+.-]+:\/\/)[^/@]*@/i, "$1");
}
