import type { Base, Extractor } from "../schema.ts";
import { SpecialReader } from "../structure/special-reader.ts";

type Line = { start: number; text: string };

/** Lines without their ends, blank ones and comments left out. */
function* linesOf(text: string): Generator<Line> {
  for (let at = 0; at < text.length;) {
    const newline = text.indexOf("\n", at);
    const end = newline < 0 ? text.length : newline;
    const line = text.slice(at, end).replace(/\r$/, "");
    if (!/^[ \t]*(?:#|$)/.test(line)) yield { start: at, text: line };
    at = end + 1;
  }
}

/** Enters a pattern that may begin with `!` and with the `/` that anchors it. */
function enter(
  reader: SpecialReader,
  start: number,
  pattern: string,
  more: { key: string; strength: "soft" | "weak"; bases: readonly Base[] },
): void {
  const lead = /^\/*/.exec(pattern)?.[0].length ?? 0;
  const path = pattern.slice(lead).replace(/\\([ #!])/g, "$1");
  if (path === "") return;
  const mention = reader.path(
    { start, end: start + pattern.length },
    { kind: "pattern", path, encoding: "plain", ...more },
  );
  if (mention !== undefined && lead > 0) mention.keep = lead;
}

/** True for a pattern that names one place below its file, not a name anywhere. */
function isAnchored(pattern: string): boolean {
  const slash = pattern.indexOf("/");
  return slash >= 0 && slash < pattern.length - 1 && !/^\/?\*\*\//.test(pattern);
}

const here: readonly Base[] = [{ kind: "file" }];

/** .gitignore and its likes: anchored rules, which name a place. What they name need not exist. */
export const ignoreRules: Extractor = {
  format: "ignore-rules",
  version: 1,
  matches: (path) =>
    /(?:^|\/)\.(?:git|npm|eslint|prettier|helm|gcloud|hg|slug|vscode|nbstrip|markdownlint)ignore$/.test(path),
  extract(text) {
    const reader = new SpecialReader(text);
    for (const { start, text: line } of linesOf(text)) {
      const not = line.startsWith("!") ? 1 : 0;
      const pattern = line.slice(not).replace(/(?<!\\)[ \t]+$/, "");
      if (isAnchored(pattern))
        enter(reader, start + not, pattern, {
          key: not === 1 ? "!" : "ignore",
          strength: "weak",
          bases: here,
        });
    }
    return reader.done();
  },
};

/** .dockerignore: every rule starts at the build context, which is the file's folder or the Dockerfile's. */
export const dockerIgnore: Extractor = {
  format: "docker-ignore",
  version: 1,
  matches: (path) => /(?:^|\/)(?:[^/]*\.)?(?:docker|container)ignore$/.test(path),
  extract(text) {
    const reader = new SpecialReader(text);
    for (const { start, text: line } of linesOf(text)) {
      const not = line.startsWith("!") ? 1 : 0;
      const pattern = line.slice(not).replace(/[ \t]+$/, "");
      enter(reader, start + not, pattern, { key: not === 1 ? "!" : "ignore", strength: "weak", bases: here });
    }
    return reader.done();
  },
};

/** .gitattributes: patterns with a folder, and what is set for them (`filter=lfs`). */
export const gitAttributes: Extractor = {
  format: "git-attributes",
  version: 1,
  matches: (path) => /(?:^|\/)\.gitattributes$/.test(path),
  extract(text) {
    const reader = new SpecialReader(text);
    for (const { start, text: line } of linesOf(text)) {
      const found = /^[ \t]*(?:"([^"]+)"|([^\s"[]+))(?:[ \t]+(\S+))?/.exec(line);
      const pattern = found?.[1] ?? found?.[2];
      if (found === null || pattern === undefined || !isAnchored(pattern)) continue;
      const at = start + line.indexOf(pattern);
      enter(reader, at, pattern, { key: found[3] ?? "attributes", strength: "soft", bases: here });
    }
    return reader.done();
  },
};

/** CODEOWNERS of GitHub and GitLab: paths from the root, and who owns them. */
export const codeOwners: Extractor = {
  format: "codeowners",
  version: 1,
  matches: (path) => /(?:^|\/)CODEOWNERS$/.test(path),
  extract(text) {
    const reader = new SpecialReader(text);
    for (const { start, text: line } of linesOf(text)) {
      const found = /^[ \t]*((?:\\.|[^\s\\#[])+)/.exec(line);
      const pattern = found?.[1];
      if (found === null || pattern === undefined || !isOwned(pattern)) continue;
      const at = start + found[0].length - pattern.length;
      enter(reader, at, pattern, {
        key: "owners",
        strength: "soft",
        bases: [{ kind: "root" }, { kind: "above" }],
      });
    }
    return reader.done();
  },
};

/** `/docs/`, `docs/a`, and also `docs/`, which owners mean as the folder at the root. */
function isOwned(pattern: string): boolean {
  return pattern !== "/" && pattern.includes("/") && !/^\/?\*\*\//.test(pattern);
}
