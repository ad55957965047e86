import { TrainingReadyError } from "../shared/index.ts";
import { DriveTokens, type DriveAccess } from "./drive-access.ts";
import { defaultRemote } from "./http-store.ts";
import { request, type RemoteOptions } from "./remote-read.ts";

const limits = new Set(["rateLimitExceeded", "userRateLimitExceeded", "backendError"]);
const folderType = "application/vnd.google-apps.folder";
const shortcutType = "application/vnd.google-apps.shortcut";
const pageFiles = "1000";

/** True for a 403 that only means "slower". */
function isLimit(body: string): boolean {
  try {
    const { error } = JSON.parse(body) as { error?: { errors?: { reason?: string }[] } };
    return error?.errors?.some(({ reason }) => limits.has(reason ?? "")) ?? false;
  } catch {
    return false;
  }
}

export type DriveKind = "file" | "folder" | "document";

/** A file, folder or document; of a shortcut that which it leads to, under the shortcut's name. */
export type DriveEntry = { id: string; name: string; kind: DriveKind };

/** What a MIME type of Drive's own stands for; documents of its office programs have no bytes. */
export function driveKind(mimeType: unknown): DriveKind {
  if (mimeType === folderType) return "folder";
  return typeof mimeType === "string" && mimeType.startsWith("application/vnd.google-apps.")
    ? "document"
    : "file";
}

type Answer = Record<string, unknown>;

function entryOf(file: Answer): DriveEntry {
  const { id, name, mimeType, shortcutDetails } = file as Record<string, string> & {
    shortcutDetails?: { targetId?: string; targetMimeType?: string };
  };
  const target = mimeType === shortcutType ? shortcutDetails : undefined;
  return {
    id: target?.targetId ?? (id as string),
    name: name as string,
    kind: driveKind(target?.targetMimeType ?? mimeType),
  };
}

/**
 * Calls of Drive's API (v3): a token that runs out is renewed where a service account's key is at hand, and what only
 * means "slower" is waited out.
 */
export function driveApi(access: DriveAccess, remote: Partial<RemoteOptions> = {}) {
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
  const url = (path: string, query: Record<string, string>): URL => {
    const called = new URL(`${access.endpoint}/drive/v3/files${path}`);
    called.search = new URLSearchParams({ supportsAllDrives: "true", ...query }).toString();
    return called;
  };
  const read = async (called: URL): Promise<Answer> => {
    const answer: unknown = await (await request(called, "GET", {}, options)).json().catch(() => undefined);
    if (typeof answer !== "object" || answer === null)
      throw new TrainingReadyError(
        "E_DATA_REMOTE",
        `${called.origin}${called.pathname}: the answer is no JSON`,
      );
    return answer as Answer;
  };
  /** What lies in a folder, or of it what has a name. */
  const children = async (folder: string, name?: string): Promise<DriveEntry[]> => {
    const quoted = name?.replaceAll(/['\\]/g, (one) => `\\${one}`);
    const named = quoted === undefined ? "" : ` and name = '${quoted}'`;
    const found: DriveEntry[] = [];
    let pageToken = "";
    do {
      const answer = await read(
        url("", {
          q: `'${folder}' in parents${named} and trashed = false`,
          fields:
            "nextPageToken, incompleteSearch, files(id, name, mimeType, shortcutDetails(targetId, targetMimeType))",
          pageSize: pageFiles,
          includeItemsFromAllDrives: "true",
          ...(pageToken === "" ? {} : { pageToken }),
        }),
      );
      if (answer["incompleteSearch"] === true)
        throw new TrainingReadyError("E_DATA_REMOTE", `Drive lists gdrive://${folder} only in part`);
      // The service may compare names loosely; this program does not.
      for (const one of ((answer["files"] ?? []) as Answer[]).map(entryOf))
        if (name === undefined || one.name === name) found.push(one);
      pageToken = typeof answer["nextPageToken"] === "string" ? answer["nextPageToken"] : "";
    } while (pageToken !== "");
    return found;
  };
  return { options, url, read, children };
}

export type DriveApi = ReturnType<typeof driveApi>;
