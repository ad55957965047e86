import { TrainingReadyError } from "../shared/index.ts";
import { DriveTokens, type DriveAccess } from "./drive-access.ts";
import { defaultRemote } from "./http-store.ts";
import { readRemote, request, type RemoteOptions } from "./remote-read.ts";
import type { Store, StoredFile } from "./store.ts";

const idPattern = /^[\w-]{5,200}$/;
const limits = new Set(["rateLimitExceeded", "userRateLimitExceeded", "backendError"]);

function missing(uri: string, said: string): TrainingReadyError {
  return new TrainingReadyError("E_DATA_SOURCE_MISSING", `${uri} ${said}`, { exitCode: 1 });
}

/** True for a 403 that only means "slower". */
function isLimit(body: string): boolean {
  try {
    const { error } = JSON.parse(body) as { error?: { errors?: { reason?: string }[] } };
    return error?.errors?.some(({ reason }) => limits.has(reason ?? "")) ?? false;
  } catch {
    return false;
  }
}

type DriveFile = { id: string; name: string };

/**
 * Files of Google Drive (API v3): `gdrive://FILE_ID`, or `gdrive://FOLDER_ID/path/to/file`, found by name from folder to
 * folder. A token that runs out is renewed where a service account's key is at hand.
 */
export function driveStore(access: DriveAccess, remote: Partial<RemoteOptions> = {}): Store {
  const base = { ...defaultRemote, ...remote };
  const tokens = new DriveTokens(access, base.fetch);
  const options: RemoteOptions = {
    ...base,
    sign: async ({ headers }) => ({ ...headers, authorization: `Bearer ${await tokens.bearer()}` }),
    async explain(status, body) {
      if (status === 403 && isLimit(body)) return "wait";
      if (status !== 401 || !tokens.canRenew) return "fatal";
      tokens.drop();
      return "renewed";
    },
  };
  const api = (path: string, query: Record<string, string>): URL => {
    const url = new URL(`${access.endpoint}/drive/v3/files${path}`);
    url.search = new URLSearchParams({ supportsAllDrives: "true", ...query }).toString();
    return url;
  };
  const read = async (url: URL): Promise<Record<string, unknown>> => {
    const answer: unknown = await (await request(url, "GET", {}, options)).json().catch(() => undefined);
    if (typeof answer !== "object" || answer === null)
      throw new TrainingReadyError("E_DATA_REMOTE", `${url.origin}${url.pathname}: the answer is no JSON`);
    return answer as Record<string, unknown>;
  };
  const childOf = async (folder: string, name: string, uri: string): Promise<string> => {
    const quoted = name.replaceAll(/['\\]/g, (one) => `\\${one}`);
    const found: DriveFile[] = [];
    let pageToken = "";
    do {
      const answer = await read(
        api("", {
          q: `'${folder}' in parents and name = '${quoted}' and trashed = false`,
          fields: "nextPageToken, files(id, name)",
          pageSize: "100",
          includeItemsFromAllDrives: "true",
          ...(pageToken === "" ? {} : { pageToken }),
        }),
      );
      // The service may compare names loosely; this program does not.
      for (const one of (answer["files"] ?? []) as DriveFile[]) if (one.name === name) found.push(one);
      pageToken = typeof answer["nextPageToken"] === "string" ? answer["nextPageToken"] : "";
    } while (pageToken !== "");
    if (found.length > 1) throw missing(uri, `is ambiguous: ${found.length} files have that name`);
    const first = found[0];
    if (first === undefined) throw missing(uri, "does not exist");
    return first.id;
  };
  const known = new Map<string, string>();
  const idOf = async (uri: string): Promise<string> => {
    const there = known.get(uri);
    if (there !== undefined) return there;
    const [root = "", ...path] = uri.replace(/^gdrive:\/\//, "").split("/");
    if (!idPattern.test(root) || path.includes("") || path.includes(".."))
      throw missing(uri, "is not of the form gdrive://FILE_ID or gdrive://FOLDER_ID/path");
    let id = root;
    for (const name of path) id = await childOf(id, decodeURIComponent(name), uri);
    known.set(uri, id);
    return id;
  };
  const statId = async (id: string, uri: string): Promise<StoredFile> => {
    const facts = await read(api(`/${id}`, { fields: "id,size,md5Checksum,version,trashed" }));
    const bytes = Number(facts["size"]);
    if (facts["trashed"] === true) throw missing(uri, "is in the bin");
    if (facts["size"] === undefined || !Number.isSafeInteger(bytes))
      throw missing(uri, "is no file with bytes of its own (a folder, or a document of an office program)");
    const checksum = facts["md5Checksum"];
    return {
      bytes,
      version: typeof checksum === "string" ? `md5-${checksum}` : `version-${String(facts["version"])}`,
    };
  };
  return {
    stat: async (uri) => await statId(await idOf(uri), uri),
    async *read(uri, range = { start: 0 }) {
      const id = await idOf(uri);
      // Drive answers no If-Match for contents: `stat` before and after tells of a change.
      const file = await statId(id, uri);
      yield* readRemote(api(`/${id}`, { alt: "media" }), range, options, file);
    },
  };
}
