import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { posix } from "node:path";
import { z } from "zod";
import { TrainingReadyError } from "../../shared/index.ts";
import type { DriveAccess } from "../drive-access.ts";
import { drivePlaceOf } from "./drive-place.ts";
import { rcloneBytes, rcloneText, type RcloneOptions } from "./rclone.ts";
import type { Remote, RemoteFile, SendInput } from "./remote.ts";

export type RcloneDriveOptions = {
  /** `gdrive://FOLDER_ID` or `gdrive://FOLDER_ID/path`. */
  uri: string;
  /** A token or key file, else the name of a remote of the user's own rclone. */
  access: Pick<DriveAccess, "token" | "keyFile"> | { remote: string };
  environment: NodeJS.ProcessEnv;
};

const item = z.looseObject({
  Path: z.string(),
  Size: z.number(),
  IsDir: z.boolean(),
  ModTime: z.string().optional(),
  Hashes: z.looseObject({ md5: z.string().optional(), sha256: z.string().optional() }).optional(),
});
type Item = z.output<typeof item>;

// `rclone lsjson`: https://rclone.org/commands/rclone_lsjson/
const listing = ["lsjson", "--hash", "--no-mimetype"];
const ownName = "trainingready";

/** A remote of its own by variables, so that no secret is in a command line or file (https://rclone.org/docs/#environment-variables). */
function ownRemote(root: string, access: Pick<DriveAccess, "token" | "keyFile">): NodeJS.ProcessEnv {
  const name = `RCLONE_CONFIG_${ownName.toUpperCase()}`;
  const secret: NodeJS.ProcessEnv =
    access.keyFile === undefined
      ? {
          [`${name}_TOKEN`]: JSON.stringify({
            access_token: access.token,
            token_type: "Bearer",
            expiry: "2099-01-01T00:00:00Z", // somebody else renews it
          }),
        }
      : { [`${name}_SERVICE_ACCOUNT_FILE`]: access.keyFile };
  return {
    [`${name}_TYPE`]: "drive",
    [`${name}_SCOPE`]: "drive",
    [`${name}_ROOT_FOLDER_ID`]: root,
    ...secret,
  };
}

function fileOf(found: Item, path: string): RemoteFile {
  const { md5, sha256 } = found.Hashes ?? {};
  return {
    path,
    bytes: found.Size,
    tag: md5 ?? `${found.Size}-${found.ModTime ?? ""}`,
    md5: md5 || undefined,
    sha256: sha256 || undefined,
  };
}

async function md5Of(file: string): Promise<string> {
  const hash = createHash("md5");
  for await (const chunk of createReadStream(file)) hash.update(chunk as Uint8Array);
  return hash.digest("hex");
}

/** A folder of Google Drive, or one file below it, reached by the rclone program. */
export function rcloneDriveRemote({ uri, access, environment }: RcloneDriveOptions): Remote {
  const { root, path: parts } = drivePlaceOf(uri);
  const isOwn = !("remote" in access);
  if (!isOwn && !/^\w[\w .+@-]*$/.test(access.remote))
    throw new TrainingReadyError("E_CLI_ARGUMENT", `${access.remote} is no name of an rclone remote`);
  const options: RcloneOptions = {
    environment: isOwn ? { ...environment, ...ownRemote(root, access) } : environment,
    secrets: isOwn && access.token !== undefined ? [access.token] : [],
  };
  const flags = isOwn ? ["--config", ""] : [];
  const name = isOwn ? ownName : `${access.remote},root_folder_id=${root}`;
  let folder = parts.join("/");
  const address = (path: string): string => `${name}:${[folder, path].filter(Boolean).join("/")}`;
  const text = (words: readonly string[], signal?: AbortSignal): Promise<string> =>
    rcloneText([...words, ...flags], options, signal);

  async function stat(path: string): Promise<Item | undefined> {
    try {
      const parsed = item.nullable().parse(JSON.parse(await text([...listing, "--stat", address(path)])));
      return parsed ?? undefined;
    } catch (error) {
      if (error instanceof TrainingReadyError && error.code === "E_PLATFORM_DATA") return undefined;
      throw error;
    }
  }

  /** The folder's options of another kind of store would be taken without a word. */
  async function refuseOtherKinds(remote: string): Promise<void> {
    const lines = (await text(["listremotes", "--long"])).split("\n").map((line) => line.trim());
    const kind = lines.find((line) => line.startsWith(`${remote}:`))?.slice(remote.length + 1);
    if (kind?.trim() !== "drive")
      throw new TrainingReadyError(
        "E_PLATFORM_CREDENTIALS",
        `${remote} is ${kind === undefined ? "no remote of rclone" : `a remote of the kind ${kind.trim()}`}, not one of Google Drive`,
        { exitCode: 1, hint: "TRAINING_READY_RCLONE_REMOTE names a remote of `rclone config`." },
      );
  }

  async function list(): Promise<RemoteFile[]> {
    if (!isOwn) await refuseOtherKinds(access.remote);
    folder = parts.join("/");
    if (folder !== "") {
      const place = await stat("");
      if (place === undefined) return [];
      if (!place.IsDir) {
        folder = posix.dirname(folder) === "." ? "" : posix.dirname(folder);
        return [fileOf(place, parts.at(-1) as string)];
      }
    }
    const said = await text([...listing, "--recursive", "--files-only", address("")]);
    const files = z
      .array(item)
      .parse(JSON.parse(said))
      .filter(({ Size }) => Size >= 0) // an office document has no bytes
      .map((one) => fileOf(one, one.Path))
      .sort((a, b) => (a.path < b.path ? -1 : 1));
    const twice = files.find(({ path }, at) => files[at + 1]?.path === path);
    if (twice !== undefined)
      throw new TrainingReadyError("E_SYNC_NAME", `${uri}: two things are named ${twice.path}`, {
        exitCode: 1,
      });
    return files;
  }

  async function send({ path, file, bytes, sha256, signal }: SendInput): Promise<RemoteFile> {
    await text(["copyto", "--ignore-times", "--no-traverse", file, address(path)], signal);
    const found = await stat(path);
    if (found === undefined)
      throw new TrainingReadyError("E_DATA_REMOTE", `${uri}/${path} is not there after it was sent`);
    const sent = fileOf(found, path);
    const isSame =
      sent.bytes === bytes &&
      (sent.sha256 ?? sha256) === sha256 &&
      (sent.md5 === undefined || sent.md5 === (await md5Of(file)));
    if (!isSame)
      throw new TrainingReadyError("E_SYNC_CHANGED", `${path} changed while it was sent`, { exitCode: 1 });
    return { ...sent, sha256 };
  }

  return {
    uri,
    through: "rclone",
    list,
    send,
    async sha256Of({ sha256 }) {
      return sha256; // its listing says all that Drive knows
    },
    async *read(file, start, signal) {
      if (start >= file.bytes) return;
      const words = ["cat", "--offset", String(start), address(file.path), ...flags];
      try {
        yield* rcloneBytes(words, options, signal);
      } catch (error) {
        // A broken connection is not final: who reads goes on where it broke off.
        if (error instanceof TrainingReadyError && error.code === "E_DATA_REMOTE")
          throw new Error(error.message, { cause: error });
        throw error;
      }
    },
    async remove({ path }) {
      await text(["deletefile", "--drive-use-trash=true", address(path)]);
    },
  };
}
