/** What other tools print, read into rows that can be matched with ours. */

export type Place = { path: string; line: number };

/** Paths below the folder, with `/`, no leading `./`; outside it: undefined. */
export function insidePath(path: string, folder: string): string | undefined {
  const inside = path.startsWith(`${folder}/`)
    ? path.slice(folder.length + 1)
    : path.replace(/^(?:\.\/)+/, "");
  return inside.startsWith("/") || inside.startsWith("../") ? undefined : inside;
}

const inside = (paths: readonly string[], folder: string): string[] =>
  paths.flatMap((path) => insidePath(path, folder) ?? []).sort();

/** Groups of equal files in `rmlint -o json`. */
export function rmlintGroups(text: string, folder: string): string[][] {
  const rows = JSON.parse(text) as { type?: string; checksum?: string; size?: number; path?: string }[];
  const groups = new Map<string, string[]>();
  for (const { type, checksum, size, path } of rows) {
    if (type !== "duplicate_file" || path === undefined) continue;
    const key = `${size} ${checksum}`;
    groups.set(key, [...(groups.get(key) ?? []), path]);
  }
  return [...groups.values()].map((paths) => inside(paths, folder));
}

/** Groups of equal files in `jdupes -j`. */
export function jdupesGroups(text: string, folder: string): string[][] {
  const { matchSets } = JSON.parse(text) as { matchSets: { fileList: { filePath: string }[] }[] };
  return matchSets.map(({ fileList }) =>
    inside(
      fileList.map((file) => file.filePath),
      folder,
    ),
  );
}

/** Groups of equal files in what `fdupes` prints: a path a line, an empty line between groups. */
export function fdupesGroups(text: string, folder: string): string[][] {
  return text
    .split(/\n\n+/)
    .map((group) => inside(group.split("\n").filter(Boolean), folder))
    .filter((group) => group.length > 0);
}

/** Pairs of files in jscpd's JSON report that share a block; a format after the name (`a.md:text`) is cut. */
export function jscpdPairs(text: string, folder: string): [string, string][] {
  type Side = { name: string };
  const { duplicates } = JSON.parse(text) as { duplicates: { firstFile: Side; secondFile: Side }[] };
  return duplicates.flatMap(({ firstFile, secondFile }): [string, string][] => {
    const [a, b] = inside(
      [firstFile, secondFile].map(({ name }) => name.replace(/:[\w-]+$/, "")),
      folder,
    );
    return a === undefined || b === undefined || a === b ? [] : [[a, b]];
  });
}

export type UnresolvedImport = Place & { module: string | undefined };

/** Imports that pyright could not resolve, and names that an imported module lacks (`module` undefined). */
export function pyrightImports(text: string, folder: string): UnresolvedImport[] {
  type Row = { file: string; rule?: string; message: string; range: { start: { line: number } } };
  const { generalDiagnostics } = JSON.parse(text) as { generalDiagnostics: Row[] };
  return generalDiagnostics.flatMap(({ file, rule, message, range }) => {
    const path = insidePath(file, folder);
    const module =
      rule === "reportMissingImports"
        ? /^Import "([^"]+)" could not be resolved/.exec(message)?.[1]
        : undefined;
    const isName = rule === "reportAttributeAccessIssue" && message.endsWith("is unknown import symbol");
    if (path === undefined || (module === undefined && !isName)) return [];
    return [{ path, line: range.start.line + 1, module }];
  });
}

/** Broken links in remark's report: files that are not there, and headings that a document lacks. */
export function remarkLinks(text: string): { files: Place[]; headings: Place[] } {
  const found: { files: Place[]; headings: Place[] } = { files: [], headings: [] };
  let path: string | undefined;
  for (const line of text.split("\n")) {
    const place = /^\s*(\d+):\d+(?:-\d+:\d+)?\s+(?:warning|error)\s/.exec(line);
    if (place === null) {
      if (line.trim() === "") path = undefined;
      else path ??= line.trim();
      continue;
    }
    if (path === undefined) continue;
    const row = { path: path.replace(/^\.\//, ""), line: Number(place[1]) };
    if (/\bmissing-file\b/.test(line)) found.files.push(row);
    else if (/\bmissing-heading(?:-in-file)?\b/.test(line)) found.headings.push(row);
  }
  return found;
}
