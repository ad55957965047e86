import { TrainingReadyError } from "../shared/index.ts";
import type { DriveAccess } from "./drive-access.ts";
import { driveApi, driveKind, type DriveApi, type DriveEntry } from "./drive-api.ts";
import { readRemote, type RemoteOptions } from "./remote-read.ts";
import type { Store, StoredFile } from "./store.ts";

const idPattern = /^[\w-]{5,200}$/;

export function driveMissing(uri: string, said: string, hint?: string): TrainingReadyError {
  return new TrainingReadyError("E_DATA_SOURCE_MISSING", `${uri} ${said}`, {
    exitCode: 1,
    ...(hint === undefined ? {} : { hint }),
  });
}

export const documentHint =
  "Download it (File, Download: .csv, .txt or another format that is read here) and put that file into the folder.";

/** The one entry of that name in a folder. Throws `E_DATA_SOURCE_MISSING`. */
async function childOf(api: DriveApi, folder: string, name: string, uri: string): Promise<DriveEntry> {
  const found = await api.children(folder, name);
  if (found.length > 1) throw driveMissing(uri, `is ambiguous: ${found.length} files have that name`);
  const first = found[0];
  if (first === undefined) throw driveMissing(uri, "does not exist");
  return first;
}

/** The id that `gdrive://ID` or `gdrive://FOLDER_ID/path` stands for. Throws `E_DATA_SOURCE_MISSING`. */
export async function driveIdOf(api: DriveApi, uri: string): Promise<string> {
  const [root = "", ...path] = uri.replace(/^gdrive:\/\//i, "").split("/");
  if (!idPattern.test(root) || path.includes("") || path.includes(".."))
    throw driveMissing(uri, "is not of the form gdrive://FILE_ID or gdrive://FOLDER_ID/path");
  let id = root;
  for (const name of path) ({ id } = await childOf(api, id, decodeURIComponent(name), uri));
  return id;
}

/**
 * Files of Google Drive: `gdrive://FILE_ID`, or `gdrive://FOLDER_ID/path/to/file`, found by name from folder to folder
 * and pinned to its id.
 */
export function driveStore(access: DriveAccess, remote: Partial<RemoteOptions> = {}): Store {
  const api = driveApi(access, remote);
  const known = new Map<string, string>();
  const idOf = async (uri: string): Promise<string> => {
    const id = known.get(uri) ?? (await driveIdOf(api, uri));
    known.set(uri, id);
    return id;
  };
  const statId = async (id: string, uri: string): Promise<StoredFile> => {
    const facts = await api.read(
      api.url(`/${id}`, { fields: "id,size,md5Checksum,version,trashed,mimeType" }),
    );
    const bytes = Number(facts["size"]);
    if (facts["trashed"] === true) throw driveMissing(uri, "is in the bin");
    if (driveKind(facts["mimeType"]) === "document")
      throw driveMissing(uri, "is a document of Google's office, with no bytes of its own", documentHint);
    if (facts["size"] === undefined || !Number.isSafeInteger(bytes))
      throw driveMissing(uri, "is no file with bytes of its own");
    const checksum = facts["md5Checksum"];
    return {
      bytes,
      version: typeof checksum === "string" ? `md5-${checksum}` : `version-${String(facts["version"])}`,
      pinned: `gdrive://${id}`,
    };
  };
  return {
    stat: async (uri) => await statId(await idOf(uri), uri),
    async *read(uri, range = { start: 0 }) {
      const id = await idOf(uri);
      // Drive answers no If-Match for contents: `stat` before and after tells of a change.
      const file = await statId(id, uri);
      yield* readRemote(api.url(`/${id}`, { alt: "media" }), range, api.options, file);
    },
  };
}
