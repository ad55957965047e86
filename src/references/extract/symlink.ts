import { utf8Of } from "../byte-text.ts";
import type { Extraction } from "../schema.ts";

/** What a tracked symlink says: its bytes are one relative path. */
export function extractSymlink(bytes: Uint8Array): Extraction {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
  if (text === "" || text.includes("\0")) return { mentions: [], notes: [] };
  const raw = utf8Of(text);
  return {
    mentions: [
      {
        start: 0,
        end: text.length,
        line: 1,
        raw,
        path: raw,
        kind: "symlink",
        strength: "hard",
        bases: [{ kind: "file" }],
        encoding: "plain",
      },
    ],
    notes: [],
  };
}
