import { TrainingReadyError } from "../shared/index.ts";
import { driveAccessFrom } from "./drive-access.ts";
import { listDrive, refuseDocuments } from "./drive-list.ts";
import { defaultRemote } from "./http-store.ts";
import { hubAccessFrom, hubRequest, placeOf, type HubAccess } from "./hub-store.ts";
import { request, type RemoteOptions } from "./remote-read.ts";
import { s3AccessFrom, signedHeaders, type S3Access } from "./s3-store.ts";

/**
 * Files below a remote folder: `base` ends with a slash, `files` are relative to it, in the order of their paths.
 * `named` gives a file's URI and where that is found at once; `check` refuses what cannot be read among those that are
 * wanted.
 */
export type RemoteFiles = {
  base: string;
  files: string[];
  named?: (file: string) => { uri: string; place: string };
  check?: (wanted: ReadonlySet<string>) => void;
};

const mostFiles = 100_000;
const byPath = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };
const plain = (text: string): string =>
  text.replaceAll(
    /&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi,
    (whole, hex?: string, decimal?: string, name?: string) =>
      name === undefined
        ? String.fromCodePoint(hex === undefined ? Number(decimal) : Number.parseInt(hex, 16))
        : (entities[name] ?? whole),
  );

function checkCount(count: number, uri: string): void {
  if (count > mostFiles)
    throw new TrainingReadyError("E_DATA_SOURCE_MISSING", `${uri} holds more than ${mostFiles} files`, {
      exitCode: 1,
      hint: "Name a narrower folder or pattern.",
    });
}

/** Keys below `s3://bucket/prefix/` that are no folders' names, with their sizes, page by page. */
export async function listS3Objects(
  base: string,
  access: S3Access,
  remote: Partial<RemoteOptions> = {},
  pageKeys = 1000,
): Promise<{ path: string; bytes: number }[]> {
  const [, bucket, prefix = ""] = /^s3:\/\/([^/]+)\/(.*)$/i.exec(base) ?? [];
  if (bucket === undefined)
    throw new TrainingReadyError("E_DATA_SOURCE_MISSING", `${base} is not of the form s3://bucket/folder/`, {
      exitCode: 1,
    });
  const options: RemoteOptions = {
    ...defaultRemote,
    ...remote,
    sign: (call) => signedHeaders(call, access, new Date()),
  };
  const root = (access.endpoint ?? `https://s3.${access.region}.amazonaws.com`).replace(/\/$/, "");
  const files: { path: string; bytes: number }[] = [];
  let token: string | undefined;
  do {
    const query = [
      ["list-type", "2"],
      ["max-keys", String(pageKeys)],
      ["prefix", prefix],
      ...(token === undefined ? [] : [["continuation-token", token]]),
    ];
    // As the signature has it: spaces by %20, not by a plus.
    const search = query.map(([name, value]) => `${name}=${encodeURIComponent(value as string)}`).join("&");
    const text = await (await request(new URL(`${root}/${bucket}?${search}`), "GET", {}, options)).text();
    for (const [, entry = ""] of text.matchAll(/<Contents>(.*?)<\/Contents>/gs)) {
      const key = /<Key>([^<]*)<\/Key>/.exec(entry)?.[1];
      const bytes = Number(/<Size>(\d+)<\/Size>/.exec(entry)?.[1] ?? 0);
      const path = key === undefined ? "" : plain(key).slice(prefix.length);
      if (path !== "" && !path.endsWith("/")) files.push({ path, bytes });
    }
    checkCount(files.length, base);
    const next = /<NextContinuationToken>([^<]*)<\/NextContinuationToken>/.exec(text)?.[1];
    token = next === undefined ? undefined : plain(next);
  } while (token !== undefined);
  return files.sort((a, b) => byPath(a.path, b.path));
}

/** Keys below `s3://bucket/prefix/`, page by page. */
export const listS3 = async (...given: Parameters<typeof listS3Objects>): Promise<string[]> =>
  (await listS3Objects(...given)).map(({ path }) => path);

/** Files below a folder of a data set on the hub, at the commit that a branch stands at. */
export async function listHub(
  base: string,
  access: HubAccess,
  remote: Partial<RemoteOptions> = {},
): Promise<RemoteFiles> {
  // The form of a file's URI, with a name that stands for all of them.
  const { repo, revision, path } = placeOf(`${base}x`);
  const folder = path.slice(0, -1);
  const hub = hubRequest(access, remote);
  const commit = await hub.commitOf({ repo, revision, path });
  const files: string[] = [];
  const encoded = folder
    .split("/")
    .filter((part) => part !== "")
    .map(encodeURIComponent)
    .join("/");
  let url: URL | undefined = new URL(
    `${access.endpoint}/api/${repo}/tree/${commit}${encoded === "" ? "" : `/${encoded}`}?recursive=true`,
  );
  while (url !== undefined) {
    const response: Response = await request(url, "GET", {}, hub.options);
    const entries: unknown = await response.json().catch(() => undefined);
    if (!Array.isArray(entries))
      throw new TrainingReadyError(
        "E_DATA_REMOTE",
        `${url.origin}${url.pathname}: the answer is no list of files`,
      );
    for (const entry of entries as { type?: unknown; path?: unknown }[])
      if (entry.type === "file" && typeof entry.path === "string" && entry.path.startsWith(folder))
        files.push(entry.path.slice(folder.length));
    checkCount(files.length, base);
    const next: string | undefined = /<([^>]+)>;\s*rel="next"/.exec(response.headers.get("link") ?? "")?.[1];
    url = next === undefined ? undefined : new URL(next, url);
  }
  return { base: `hf://${repo}@${commit}/${folder}`, files: files.sort(byPath) };
}

/** Whether a URI without a slash at its end may name a folder all the same. */
export const mayBeFolder = (uri: string): boolean => /^gdrive:\/\//i.test(uri);

async function listDriveFiles(base: string): Promise<RemoteFiles | undefined> {
  const found = await listDrive(base, driveAccessFrom(process.env));
  if (found === undefined) return undefined;
  const byFile = new Map(found.map((one) => [one.path, one]));
  return {
    base,
    files: found.map(({ path }) => path),
    named: (file) => byFile.get(file) as { uri: string; place: string },
    check: (wanted) =>
      refuseDocuments(
        base,
        found.filter(({ path }) => wanted.has(path)),
      ),
  };
}

/**
 * Files that a remote folder (a URI that ends with a slash, on Drive also one without) holds, or undefined for places
 * that cannot be listed and for files.
 */
export async function listRemote(base: string): Promise<RemoteFiles | undefined> {
  if (mayBeFolder(base)) return await listDriveFiles(base);
  if (/^s3:\/\//i.test(base)) return { base, files: await listS3(base, s3AccessFrom(process.env)) };
  if (/^hf:\/\//i.test(base)) return await listHub(base, hubAccessFrom(process.env));
  return undefined;
}
