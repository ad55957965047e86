import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { TrainingReadyError } from "../shared/index.ts";
import { diskFolder } from "./disk-folder.ts";
import type { RemoteFolder } from "./remote-folder.ts";
import { s3Folder } from "./s3-folder.ts";

/** Opens `s3://bucket/prefix`, a `file://` URL or a path. Throws `E_CLI_ARGUMENT` for another scheme. */
export function remoteFolder(uri: string, folder: string): RemoteFolder {
  const scheme = /^([a-z][a-z0-9+.-]+):\/\//i.exec(uri)?.[1]?.toLowerCase();
  if (scheme === "s3") return s3Folder(uri.replace(/\/+$/, ""));
  if (scheme === undefined) return diskFolder(resolve(folder, uri));
  if (scheme === "file") return diskFolder(fileURLToPath(uri));
  throw new TrainingReadyError("E_CLI_ARGUMENT", `${scheme}:// is no place that files can be sent to`, {
    hint: "Use s3://bucket/prefix or a folder.",
  });
}
