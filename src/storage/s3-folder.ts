import { createHash } from "node:crypto";
import { TrainingReadyError } from "../shared/index.ts";
import { defaultRemote } from "./http-store.ts";
import { listS3Objects } from "./list-remote.ts";
import { pointerChanged } from "./pointer-changed.ts";
import type { Pointer, RemoteFolder } from "./remote-folder.ts";
import { request } from "./remote-read.ts";
import { s3AccessFrom, s3Store, s3Url, signedHeaders } from "./s3-store.ts";
import {
  ConditionFailed,
  etagOf,
  putFile,
  putObject,
  removeObject,
  type WriteCondition,
} from "./s3-write.ts";
import type { StoredFile } from "./store.ts";

// No object has this ETag: a plain one is an MD5, and all zeros is that of nothing known.
const nobodysTag = '"00000000000000000000000000000000"';

type SignedCall = Parameters<typeof signedHeaders>[0];

const conditionOf = (seen: Pointer | undefined): WriteCondition =>
  seen === undefined ? { ifAbsent: true } : { ifMatch: seen.tag };

/** A prefix of a bucket. */
export function s3Folder(base: string): RemoteFolder {
  const access = s3AccessFrom(process.env);
  const store = s3Store(access);
  const uriOf = (path: string): string => `${base}/${path}`;

  async function stat(path: string): Promise<StoredFile | undefined> {
    try {
      return await store.stat(uriOf(path));
    } catch (error) {
      const isMissing =
        error instanceof TrainingReadyError &&
        error.code === "E_DATA_SOURCE_MISSING" &&
        error.message.includes("answered 404");
      if (isMissing) return undefined;
      throw error;
    }
  }

  async function readPointer(path: string): Promise<Pointer | undefined> {
    const found = await stat(path);
    if (found === undefined) return undefined;
    if (found.etag === undefined)
      throw new TrainingReadyError("E_DATA_REMOTE", `${uriOf(path)}: the store tells no ETag`, {
        exitCode: 1,
      });
    const parts: Uint8Array[] = [];
    // Where it is replaced in between, the tag is the older one: a write on its condition fails, as it must.
    for await (const part of store.read(uriOf(path))) parts.push(part);
    return { text: Buffer.concat(parts).toString("utf8"), tag: found.etag };
  }

  return {
    uriOf,
    async send(localFile, path, sha256) {
      await putFile(uriOf(path), localFile, access, { sha256 });
    },
    async write(path, text) {
      await putObject(uriOf(path), Buffer.from(text), access);
    },
    read: (path) => store.read(uriOf(path)),
    sizeOf: async (path) => (await stat(path))?.bytes,
    async holds(localFile, path, { bytes, sha256, readBack }) {
      const found = await stat(path);
      if (found?.bytes !== bytes) return false;
      if (!readBack && found.etag === (await etagOf(localFile, bytes))) return true;
      // Another ETag: damage, or a store that counts it in another way.
      const hash = createHash("sha256");
      for await (const part of store.read(uriOf(path))) hash.update(part);
      return hash.digest("hex") === sha256;
    },
    async list(below) {
      const found = await listS3Objects(uriOf(below), access);
      return found.map(({ path, bytes }) => ({ path: `${below}${path}`, bytes }));
    },
    remove: (path) => removeObject(uriOf(path), access),
    async keepsRemoved() {
      const [bucket] = /^s3:\/\/[^/]+/i.exec(base) ?? [];
      const url = s3Url(`${bucket ?? base}/x`, access);
      url.pathname = url.pathname.replace(/\/x$/, "");
      url.search = "?versioning=";
      const options = {
        ...defaultRemote,
        sign: (call: SignedCall) => signedHeaders(call, access, new Date()),
      };
      try {
        return /<Status>(?:Enabled|Suspended)</.test(await (await request(url, "GET", {}, options)).text());
      } catch (error) {
        if (error instanceof TrainingReadyError) return undefined; // a right that few keys have, or no such call
        throw error;
      }
    },
    readPointer,
    async replacePointer(path, text, seen) {
      try {
        await putObject(uriOf(path), Buffer.from(text), access, conditionOf(seen));
      } catch (cause) {
        if (!(cause instanceof ConditionFailed)) throw cause;
        // An answer that was lost is asked for again, and then meets its own write.
        if ((await readPointer(path))?.text !== text) throw pointerChanged(uriOf(path), cause);
      }
    },
    async heedsConditions(path, text, seen) {
      const condition = seen === undefined ? { ifAbsent: true } : { ifMatch: nobodysTag };
      try {
        await putObject(uriOf(path), Buffer.from(text), access, condition);
        return false;
      } catch (error) {
        if (error instanceof ConditionFailed) return true;
        throw error;
      }
    },
  };
}
