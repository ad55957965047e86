import { TrainingReadyError } from "../shared/index.ts";
import type { DriveAccess } from "./drive-access.ts";
import { driveApi, driveKind, type DriveApi } from "./drive-api.ts";
import { documentHint, driveIdOf, driveMissing } from "./drive-store.ts";
import type { RemoteOptions } from "./remote-read.ts";

/** A file below a folder: `path` by names (a slash inside a name as `%2F`), `uri` by names too, `place` by its id. */
export type DriveFound = { path: string; uri: string; place: string; isDocument: boolean };

const mostFiles = 100_000;
const segment = (name: string): string => name.replaceAll("/", "%2F");

async function isFolder(api: DriveApi, id: string): Promise<boolean> {
  return driveKind((await api.read(api.url(`/${id}`, { fields: "id,mimeType" })))["mimeType"]) === "folder";
}

/**
 * The files below `gdrive://FOLDER_ID` or `gdrive://FOLDER_ID/path`, folders within it and what shortcuts lead to
 * included, in the order of their paths; each folder once. Undefined where the URI names a file. Throws
 * `E_DATA_SOURCE_MISSING` for two files of one path.
 */
export async function listDrive(
  uri: string,
  access: DriveAccess,
  remote: Partial<RemoteOptions> = {},
): Promise<DriveFound[] | undefined> {
  const base = uri.replace(/\/+$/, "");
  const api = driveApi(access, remote);
  const top = await driveIdOf(api, base);
  if (!(await isFolder(api, top))) return undefined;
  const found = new Map<string, DriveFound>();
  const open: { id: string; path: string; uri: string }[] = [{ id: top, path: "", uri: `${base}/` }];
  const seen = new Set([top]);
  for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
    // By name, then id: which of two ways to one folder counts must not hang on the order of the answer.
    const entries = (await api.children(folder.id)).sort((a, b) =>
      a.name === b.name ? (a.id < b.id ? -1 : 1) : a.name < b.name ? -1 : 1,
    );
    for (const { id, name, kind } of entries) {
      const path = `${folder.path}${segment(name)}`;
      const place = `${folder.uri}${encodeURIComponent(name)}`;
      if (kind === "folder") {
        if (!seen.has(id)) open.push({ id, path: `${path}/`, uri: `${place}/` });
        seen.add(id);
        continue;
      }
      if (found.has(path))
        throw driveMissing(place, "is ambiguous: two files have that name", "Rename one of them.");
      found.set(path, { path, uri: place, place: `gdrive://${id}`, isDocument: kind === "document" });
      if (found.size > mostFiles)
        throw new TrainingReadyError("E_DATA_SOURCE_MISSING", `${uri} holds more than ${mostFiles} files`, {
          exitCode: 1,
          hint: "Name a narrower folder.",
        });
    }
  }
  return [...found.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Refuses documents of Google's office among files that are to be read. */
export function refuseDocuments(uri: string, files: readonly DriveFound[]): void {
  const documents = files.filter(({ isDocument }) => isDocument).map(({ path }) => path);
  if (documents.length === 0) return;
  const more = documents.length > 3 ? ` and ${documents.length - 3} more` : "";
  throw driveMissing(
    uri,
    `holds documents of Google's office, with no bytes of their own: ${documents.slice(0, 3).join(", ")}${more}`,
    `${documentHint} Or leave them out by a pattern such as gdrive://FOLDER_ID/**/*.vtt.`,
  );
}
