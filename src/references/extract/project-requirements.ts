import type { Extractor, Mention } from "../schema.ts";
import { SpecialReader } from "../structure/special-reader.ts";

const option = /^[ \t]*(-r|--requirement|-c|--constraint|-e|--editable)(?:[ \t]*=?[ \t]*)/;
const local =
  /^[ \t]*(?:[\w.-]+(?:\[[^\]]*\])?[ \t]*@[ \t]*)?(?:file:(?:\/\/)?)?(\.{1,2}\/[^\s;#[]+|\.{1,2}(?=[\s[]|$))/;

/** Requirement files of pip and uv: other requirement files, constraints, folders to install. */
export const requirements: Extractor = {
  format: "requirements",
  version: 1,
  matches: (path) =>
    /(?:^|\/)(?:[\w.-]*[._-])?(?:requirements?|constraints?)(?:[._-][\w.-]*)?\.(?:txt|in)$/i.test(path) ||
    /(?:^|\/)requirements\/[\w.-]+\.(?:txt|in)$/i.test(path),
  extract(text) {
    const reader = new SpecialReader(text);
    for (let at = 0; at < text.length;) {
      const newline = text.indexOf("\n", at);
      const end = newline < 0 ? text.length : newline;
      const line = text.slice(at, end).replace(/(?:^|[ \t])#.*$/, "");
      const named = option.exec(line);
      if (named !== null) {
        const name = (named[1] as string).replace(/^-+/, "")[0] as string;
        readTarget(reader, line, at, named[0].length, name);
      } else {
        const found = local.exec(line);
        const path = found?.[1];
        if (found !== null && path !== undefined)
          enter(reader, at + found[0].length - path.length, path, "context", "install");
      }
      at = end + 1;
    }
    return reader.done();
  },
};

function enter(reader: SpecialReader, start: number, path: string, kind: Mention["kind"], key: string): void {
  reader.path(
    { start, end: start + path.length },
    { kind, strength: "hard", use: "read", key, encoding: "plain", bases: [{ kind: "file" }] },
  );
}

function readTarget(reader: SpecialReader, line: string, at: number, lead: number, key: string): void {
  const rest = line.slice(lead);
  const path = /^(?:file:(?:\/\/)?)?["']?([^\s;"'[]+)/.exec(rest);
  const word = path?.[1];
  if (path === null || word === undefined || /^(?:git|hg|svn|bzr)\+|^[a-z]+:\/\/|^\$/.test(word)) return;
  const start = at + lead + path[0].length - word.length;
  if (word !== ".") enter(reader, start, word, key === "e" ? "context" : "include", key);
}
