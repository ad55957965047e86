import { isIndentTree, isTreeLine, readIndentTree, readTree } from "./drawn-tree.ts";
import type { Span } from "./lines.ts";
import { readFileList } from "./file-list.ts";
import type { MentionList } from "./mention-list.ts";

/** A fence between its opening line `open` and its closing line `close`, by what its info string says it holds. */
export function readFence(
  list: MentionList,
  lines: readonly Span[],
  open: number,
  close: number,
  info: string,
  heading: string | undefined,
): void {
  const language = /^[ \t]*\{?\.?([\w+-]*)/.exec(info)?.[1]?.toLowerCase() ?? "";
  const body = lines.slice(open + 1, close);
  const first = body[0];
  if (first === undefined) return;
  const { text } = list;
  const isTree = body.findIndex((line) =>
    isTreeLine(text.slice(line.start, Math.min(line.end, line.start + 400))),
  );
  if (isTree >= 0) {
    for (let at = isTree; at < body.length;) {
      const line = body[at] as Span;
      if (isTreeLine(text.slice(line.start, Math.min(line.end, line.start + 400)))) {
        at += Math.max(1, readTree(list, body, at, heading));
      } else at++;
    }
    return;
  }
  if (!/^(?:|text|txt|plain|plaintext|tree|none|files?)$/.test(language)) return;
  if (isIndentTree(text, body)) readIndentTree(list, body, heading);
  else readFileList(list, body, heading);
}
