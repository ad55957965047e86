import type { BlobCache, FileEntry } from "../../repository/index.ts";
import { canSignal, signalsOf, type SignalKind } from "./signals.ts";

/** What one reading of a file shows for packages and roles; `bare`: a Python file of comments and docstring only. */
export type FileFacts = { signals: SignalKind[]; hasMain: boolean; definesModel: boolean; bare: boolean };

const version = 2; // of this file and of signals.ts: part of the cache key
const longestText = 256 * 1024;
const bareModule = /^(?:\s|#[^\n]*(?:\n|$)|(?:"""[\s\S]*?"""|'''[\s\S]*?'''|"[^"\n]*"|'[^'\n]*'))*$/;

function factsOf(name: string, bytes: Uint8Array): FileFacts {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, longestText));
  const text = buffer.toString("latin1");
  const isPython = /\.py$/i.test(name);
  return {
    signals: signalsOf(name, text),
    hasMain: isPython && /^if[ \t]+__name__[ \t]*==/m.test(text),
    definesModel:
      isPython &&
      /^class[ \t]+\w+\([^)]*\b(?:nn\.Module|Module|PreTrainedModel|LightningModule)\b/m.test(text),
    bare: name === "__init__.py" && bytes.byteLength < 4096 && bareModule.test(text),
  };
}

function keyOf(entry: FileEntry, name: string): string {
  return `f:${entry.blob}:${name.toLowerCase()}:${version}`;
}

/** Collects facts while files are scanned; those of cached files come from the cache. */
export function factCollector(cache: BlobCache) {
  const facts = new Map<string, FileFacts>();
  const unread: FileEntry[] = [];
  return {
    facts,
    /** Files whose extraction was cached but whose facts were not: to be read by the caller. */
    unread,
    visit: (entry: FileEntry, bytes: Uint8Array | undefined): void => {
      const name = entry.path.slice(entry.path.lastIndexOf("/") + 1);
      if (!canSignal(name)) return;
      const key = keyOf(entry, name);
      const known = cache.get(key) as FileFacts | undefined;
      if (known !== undefined) facts.set(entry.path, known);
      else if (bytes === undefined) unread.push(entry);
      else {
        const found = factsOf(name, bytes);
        facts.set(entry.path, found);
        cache.put(key, found);
      }
    },
  };
}
