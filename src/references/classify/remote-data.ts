import { baseName } from "../extract/path-shape.ts";
import type { Located } from "../resolve/ground.ts";
import type { Mention } from "../schema.ts";
import type { Verdict } from "./classify.ts";
import { dataReason } from "./shapes.ts";

/** A data set that lies elsewhere alone, as a home's manifest says. `path`: where it belongs, from the root. */
export type RemoteData = { name: string; pointer: string; manifest: string; path?: string };

type Row = { path: string; mention: Mention; located: Located; verdict?: Verdict };

const absent: ReadonlySet<string> = new Set([
  "missing-data",
  "declared-missing",
  "stale",
  "unknown",
  "generated",
]);

/** What a home's manifest points to elsewhere is no missing file: it is named with its address. */
export function pointToRemoteData(rows: readonly Row[], remote: readonly RemoteData[]): void {
  if (remote.length === 0) return;
  const byPath = new Map(remote.flatMap((one) => (one.path === undefined ? [] : [[one.path, one] as const])));
  const byName = new Map(remote.map((one) => [one.name, one]));
  for (const { mention, located, verdict } of rows) {
    if (verdict === undefined || !absent.has(verdict.class) || mention.glob === true) continue;
    const targets = [verdict.target ?? mention.path, ...located.tried.map(({ target }) => target)];
    const isData = dataReason(mention.path, true) !== undefined;
    const found =
      targets.map((target) => byPath.get(target)).find((one) => one !== undefined) ??
      (isData ? byName.get(baseName(mention.path)) : undefined);
    if (found === undefined) continue;
    verdict.class = "external";
    verdict.confidence = "certain";
    verdict.evidence = [
      { kind: "pointer", text: `lies at ${found.pointer}, says ${found.manifest}`, path: found.manifest },
    ];
    delete verdict.past;
  }
}
