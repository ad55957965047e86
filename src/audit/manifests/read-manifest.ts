/** What a manifest states of one file: `path` as written, a digest or a size or both. */
export type Statement = {
  path: string;
  line: number;
  start: number;
  end: number;
  algorithm?: "md5" | "sha1" | "sha256" | "sha512";
  digest?: string;
  bytes?: number;
};

const sums =
  /(?:^|\/)(?:(?:sha(?:1|256|512)|md5|check)sums?(?:[._-][\w.-]*)?|[\w.-]+\.(?:sha(?:1|256|512)|md5)(?:sums?)?)$/i;
const manifest = /(?:^|\/)(?:home|[\w.-]*manifest[\w.-]*)\.json$/i;

/** True for a file whose name says that it states hashes or sizes of others. */
export const isFileManifest = (path: string): boolean => sums.test(path) || manifest.test(path);

// A digest's length in hexadecimal digits tells its algorithm.
const algorithms = new Map([
  [32, "md5"],
  [40, "sha1"],
  [64, "sha256"],
  [128, "sha512"],
] as const satisfies [number, Statement["algorithm"]][]);
const algorithmOf = (digest: string): Statement["algorithm"] =>
  (algorithms as ReadonlyMap<number, Statement["algorithm"]>).get(digest.length);

/** Reads `sha256sum`-like lines (`digest  path`, `SHA256 (path) = digest`) and JSON lists of files; offsets are bytes of latin1 text. */
export function readStatements(path: string, text: string): Statement[] {
  return manifest.test(path) ? readJson(text) : readSums(text);
}

function readSums(text: string): Statement[] {
  const statements: Statement[] = [];
  let offset = 0;
  for (const [index, line] of text.split("\n").entries()) {
    const plain = /^\\?([0-9a-f]{32,128})[ \t]+[ *]?([^\r]+?)[ \t\r]*$/i.exec(line);
    const tagged = /^(?:MD5|SHA1|SHA256|SHA512) \((.+)\) = ([0-9a-f]{32,128})[ \t\r]*$/i.exec(line);
    const digest = (plain?.[1] ?? tagged?.[2])?.toLowerCase();
    const named = plain?.[2] ?? tagged?.[1];
    const algorithm = digest === undefined ? undefined : algorithmOf(digest);
    if (digest !== undefined && named !== undefined && algorithm !== undefined) {
      const start = offset + line.indexOf(named, plain === null ? 0 : digest.length);
      statements.push({ path: named, line: index + 1, start, end: start + named.length, algorithm, digest });
    }
    offset += line.length + 1;
  }
  return statements;
}

type Row = Record<string, unknown>;
const text = (row: Row, ...keys: string[]): string | undefined =>
  keys.map((key) => row[key]).find((one): one is string => typeof one === "string");

function readJson(source: string): Statement[] {
  let document: unknown;
  try {
    document = JSON.parse(source);
  } catch {
    return []; // The reader of the format tells that it cannot be read.
  }
  const statements: Statement[] = [];
  let from = 0;
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) for (const item of value) visit(item);
    else if (typeof value === "object" && value !== null) {
      const row = value as Row;
      const path = text(row, "path", "file", "filename");
      const digest = text(row, "sha256", "sha512", "sha1", "md5", "hash", "digest")
        ?.replace(/^\w+:/, "")
        .toLowerCase();
      const bytes = ["bytes", "size_bytes", "file_size"]
        .map((key) => row[key])
        .find((one) => typeof one === "number");
      const algorithm = digest === undefined || !/^[0-9a-f]+$/.test(digest) ? undefined : algorithmOf(digest);
      if (path !== undefined && (algorithm !== undefined || bytes !== undefined)) {
        const start = source.indexOf(JSON.stringify(path), from) + 1;
        if (start > 0) {
          from = start;
          statements.push({
            path,
            line: source.slice(0, start).split("\n").length,
            start,
            end: start + path.length,
            ...(algorithm === undefined ? {} : { algorithm, digest: digest as string }),
            ...(bytes === undefined ? {} : { bytes }),
          });
        }
      }
      for (const child of Object.values(row)) if (typeof child === "object") visit(child);
    }
  };
  visit(document);
  return statements;
}
