import { utf8Of } from "../byte-text.ts";
import type { Extraction, Extractor } from "../schema.ts";
import { linesOf, type Span } from "./lines.ts";
import { MentionList } from "./mention-list.ts";
import { isSureFileName, pathShape } from "./path-shape.ts";

const entry =
  /^([ \t]*(?:[-*+][ \t]+)?(?:[0-9a-f]{32,64}[ \t]+\*?)?)([^\s#,;"'`|]+)(?:[ \t]+(?:#|-|\(|\u00e2|:)[^\n]*)?[ \t\r]*$/;

/** Lines that are one path each (checksum lists too): a list of files, if most of the lines are that. */
export function readFileList(list: MentionList, lines: readonly Span[], heading: string | undefined): void {
  const found: { start: number; end: number; remark: string }[] = [];
  let filled = 0;
  for (const line of lines) {
    const body = list.text.slice(line.start, Math.min(line.end, line.start + 500));
    if (/^[ \t]*(?:#.*)?\r?$/.test(body)) continue;
    filled++;
    const match = entry.exec(body);
    if (match === null) continue;
    const word = match[2] as string;
    const shape = pathShape(word);
    if (shape === undefined || shape === "maybe") continue;
    if (!word.includes("/") && !isSureFileName(word)) continue;
    const start = line.start + (match[1] as string).length;
    found.push({
      start,
      end: start + word.length,
      remark: utf8Of(body.slice((match[1] as string).length + word.length)),
    });
  }
  if (found.length < 2 || found.length < filled * 0.6) return;
  for (const { start, end, remark } of found) {
    list.add({
      start,
      end,
      kind: "list",
      strength: "soft",
      group: (lines[0] as Span).start,
      encoding: "plain",
      ...(heading === undefined ? {} : { heading }),
      ...(/\S/.test(remark) ? { remark: remark.replace(/^[ \t]+|[ \t\r]+$/g, "") } : {}),
      ...(/[*?]/.test(list.text.slice(start, end)) ? { glob: true } : {}),
    });
  }
}

const longestList = 5000;

/** Plain text that is a list of files, one a line, with checksums or without. */
export const fileList: Extractor = {
  format: "file-list",
  version: 2,
  matches: (path) =>
    /\.(?:txt|list|lst|filelist|md5|sha1|sha256|sha512)$|(?:^|\/)(?:MANIFEST|FILES|(?:MD5|SHA\d+)SUMS?)$/i.test(
      path,
    ) &&
    !/(?:^|\/)(?:CMakeLists|(?:[\w.-]+[-_.])?requirements[\w.-]*|constraints[\w.-]*|LICEN[CS]E|vocab|robots)\.txt$/i.test(
      path,
    ) &&
    !/(?:^|\/)requirements\//.test(path),
  extract(text): Extraction {
    const list = new MentionList(text);
    const lines = linesOf(text);
    if (lines.length > longestList)
      list.notes.push({ code: "data-file", message: `more than ${longestList} lines: read as data` });
    else if (lines.length > 1) readFileList(list, lines, undefined);
    return list.done();
  },
};
