import { copyFile, mkdir } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { TrainingReadyError } from "../shared/index.ts";
import { locate } from "./locate.ts";
import { s3AccessFrom } from "./s3-store.ts";
import { ConditionFailed, putFile, type WriteCondition } from "./s3-write.ts";

/** A place that files can be sent to and fetched from: a folder, or a prefix in S3. */
export type RemoteFolder = {
  /** URI of a file below it. */
  uriOf(path: string): string;
  /** Throws `E_DATA_REMOTE_CHANGED` where the condition does not hold; a folder of this machine knows none. */
  send(localFile: string, path: string, condition?: WriteCondition): Promise<void>;
  read(path: string): AsyncIterable<Uint8Array>;
  /** The version of a file, or undefined where there is none. */
  version(path: string): Promise<string | undefined>;
};

/** Opens `s3://bucket/prefix`, a `file://` URL or a path. Throws `E_CLI_ARGUMENT` for another scheme. */
export function remoteFolder(uri: string, folder: string): RemoteFolder {
  const base = uri.replace(/\/+$/, "");
  const scheme = /^([a-z][a-z0-9+.-]+):\/\//i.exec(uri)?.[1]?.toLowerCase();
  if (scheme !== undefined && scheme !== "s3" && scheme !== "file") {
    throw new TrainingReadyError("E_CLI_ARGUMENT", `${scheme}:// is no place that files can be sent to`, {
      hint: "Use s3://bucket/prefix or a folder.",
    });
  }
  const local = scheme === "s3" ? undefined : scheme === "file" ? fileURLToPath(uri) : resolve(folder, uri);
  const uriOf = (path: string): string => (local === undefined ? `${base}/${path}` : join(local, path));
  return {
    uriOf,
    async send(localFile, path, condition = {}) {
      if (local === undefined) {
        try {
          await putFile(uriOf(path), localFile, s3AccessFrom(process.env), condition);
        } catch (cause) {
          if (!(cause instanceof ConditionFailed)) throw cause;
          throw new TrainingReadyError(
            "E_DATA_REMOTE_CHANGED",
            `${uriOf(path)} was written by another at the same time`,
            { cause, exitCode: 1 },
          );
        }
        return;
      }
      await mkdir(dirname(uriOf(path)), { recursive: true });
      await copyFile(localFile, uriOf(path));
    },
    read(path) {
      const { store, uri: place } = locate(uriOf(path), folder);
      return store.read(place);
    },
    async version(path) {
      const { store, uri: place } = locate(uriOf(path), folder);
      try {
        const { etag, version } = await store.stat(place);
        return etag ?? version;
      } catch (error) {
        if (
          error instanceof TrainingReadyError &&
          error.code === "E_DATA_SOURCE_MISSING" &&
          / 404|does not exist/.test(error.message)
        )
          return undefined;
        throw error;
      }
    },
  };
}
