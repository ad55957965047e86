/** A path inside this repository that an address of its own hosting site names. */
export type OwnAddress = { path: string; branch: string; isPinned: boolean; start: number };

export type Repository = { host: string; name: string };

/** `owner/name` and host of a remote's or a web address; undefined for others. */
export function repositoryOf(url: string): Repository | undefined {
  const match =
    /^(?:https?:\/\/(?:[^@/]*@)?|ssh:\/\/(?:[^@/]*@)?|git:\/\/|git@)([\w.-]+)(?::\d+)?[/:]([\w.~-]+\/[\w.-]+?)(?:\.git)?(?:[/#?].*)?$/.exec(
      url,
    );
  if (match === null) return undefined;
  return { host: (match[1] as string).toLowerCase(), name: (match[2] as string).toLowerCase() };
}

const forms: readonly { pattern: RegExp; host?: string }[] = [
  // {host}/{owner}/{name}/(blob|tree|raw|edit|blame)/{branch}/{path}
  {
    pattern:
      /^https?:\/\/(?:www\.)?([\w.-]+)\/([\w.-]+\/[\w.-]+)\/(?:-\/)?(?:blob|tree|raw|edit|blame|resolve)\/([^/]+)\/(.+)$/,
  },
  {
    pattern: /^https?:\/\/raw\.githubusercontent\.com\/([\w.-]+\/[\w.-]+)\/([^/]+)\/(.+)$/,
    host: "github.com",
  },
  {
    pattern:
      /^https?:\/\/(?:colab\.research\.google\.com|nbviewer\.(?:jupyter|ipython)\.org|studiolab\.sagemaker\.aws\/import|console\.paperspace\.com|githubtocolab\.com)\/github\/([\w.-]+\/[\w.-]+)\/(?:blob|tree)\/([^/]+)\/(.+)$/,
    host: "github.com",
  },
  {
    pattern:
      /^https?:\/\/kaggle\.com\/kernels\/welcome\?src=https:\/\/github\.com\/([\w.-]+\/[\w.-]+)\/blob\/([^/]+)\/(.+)$/,
    host: "github.com",
  },
  {
    pattern: /^https?:\/\/(?:cdn\.jsdelivr\.net\/gh)\/([\w.-]+\/[\w.-]+)@([^/]+)\/(.+)$/,
    host: "github.com",
  },
  { pattern: /^https?:\/\/github\.dev\/([\w.-]+\/[\w.-]+)\/blob\/([^/]+)\/(.+)$/, host: "github.com" },
];

const pinned = /^(?:[0-9a-f]{7,40}|v?\d+(?:\.\d+)+[\w.-]*|v\d+)$/i;

/** Reads an address as one of these repositories' files; undefined if it is none. */
export function readOwnAddress(url: string, own: readonly Repository[]): OwnAddress | undefined {
  if (own.length === 0) return undefined;
  const isTag = url.includes("/refs/tags/");
  const plain = url.replace(/\/refs\/(?:heads|tags)\//, "/");
  for (const { pattern, host } of forms) {
    const match = pattern.exec(plain);
    if (match === null) continue;
    const parts = host === undefined ? match.slice(2) : match.slice(1);
    const where = host ?? (match[1] as string).toLowerCase();
    const [name = "", branch = "", path = ""] = parts;
    const isOwn = own.some(
      (one) => one.name === name.toLowerCase() && (one.host === where || one.host === `www.${where}`),
    );
    if (!isOwn) return undefined;
    const clean = path.replace(/[?#].*$/, "").replace(/[*_]+$|\/+$/g, "");
    return {
      path: decoded(clean),
      branch,
      isPinned: isTag || pinned.test(branch),
      start: url.length - path.length,
    };
  }
  return undefined;
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
