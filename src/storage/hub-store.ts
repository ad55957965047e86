import { TrainingReadyError } from "../shared/index.ts";
import { defaultRemote } from "./http-store.ts";
import { readRemote, request, statRemote, type RemoteOptions } from "./remote-read.ts";
import type { Store } from "./store.ts";

export type HubAccess = {
  /** Base URL; the hub's own by default. */
  endpoint: string;
  token?: string | undefined;
};

/** Access to the hub by the variables that its own tools read: `HF_ENDPOINT`, `HF_TOKEN`. */
export function hubAccessFrom(environment: NodeJS.ProcessEnv): HubAccess {
  return {
    endpoint: (environment["HF_ENDPOINT"] || "https://huggingface.co").replace(/\/+$/, ""),
    token: environment["HF_TOKEN"] || undefined,
  };
}

export type Place = { repo: string; revision: string; path: string };

/** `hf://datasets/owner/name@revision/path/to/file`; without `@revision` the branch `main`. */
export function placeOf(uri: string): Place {
  const [, repo, revision, path] = /^hf:\/\/(datasets\/[\w.-]+\/[\w.-]+)(?:@([^/]+))?\/(.+)$/.exec(uri) ?? [];
  if (repo === undefined || path === undefined || path.split("/").includes("..")) {
    throw new TrainingReadyError(
      "E_DATA_SOURCE_MISSING",
      `${uri} is not of the form hf://datasets/owner/name@revision/file`,
      { exitCode: 1 },
    );
  }
  return { repo, revision: revision === undefined ? "main" : decodeURIComponent(revision), path };
}

const isCommit = (revision: string): boolean => /^[0-9a-f]{40}$/.test(revision);

/** How the hub is asked, and the commit that a revision stands for. */
export function hubRequest(access: HubAccess, remote: Partial<RemoteOptions> = {}) {
  const options: RemoteOptions = {
    ...defaultRemote,
    ...remote,
    sign: ({ url, headers }) =>
      access.token === undefined || url.origin !== new URL(access.endpoint).origin
        ? headers
        : { ...headers, authorization: `Bearer ${access.token}` },
  };
  const commitOf = async ({ repo, revision }: Place): Promise<string> => {
    if (isCommit(revision)) return revision;
    const url = new URL(`${access.endpoint}/api/${repo}/revision/${encodeURIComponent(revision)}`);
    const answer: unknown = await (await request(url, "GET", {}, options)).json().catch(() => undefined);
    const sha = (answer as { sha?: unknown } | undefined)?.sha;
    if (typeof sha !== "string" || !isCommit(sha)) {
      throw new TrainingReadyError(
        "E_DATA_REMOTE",
        `${url.origin}${url.pathname}: the answer names no commit`,
      );
    }
    return sha;
  };
  return { options, commitOf };
}

/** Files of data sets on the Hugging Face hub and services like it, each pinned to a commit. */
export function hubStore(access: HubAccess, remote: Partial<RemoteOptions> = {}): Store {
  const { options, commitOf } = hubRequest(access, remote);
  const fileUrl = (place: Place, commit: string): URL =>
    new URL(
      `${access.endpoint}/${place.repo}/resolve/${commit}/${place.path.split("/").map(encodeURIComponent).join("/")}`,
    );
  return {
    async stat(uri) {
      const place = placeOf(uri);
      const commit = await commitOf(place);
      const found = await statRemote(fileUrl(place, commit), options);
      return {
        ...found,
        version: `${commit}-${found.version}`,
        pinned: `hf://${place.repo}@${commit}/${place.path}`,
      };
    },
    async *read(uri, range = { start: 0 }) {
      const place = placeOf(uri);
      yield* readRemote(fileUrl(place, await commitOf(place)), range, options);
    },
  };
}
