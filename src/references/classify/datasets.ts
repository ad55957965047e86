import { baseName, roleOf } from "../extract/path-shape.ts";
import { dataReason, programArchive } from "./shapes.ts";
import type { Mention, Reference } from "../schema.ts";
import type { RemoteData } from "./remote-data.ts";

/** A data set that files of the repository speak of. */
export type DatasetMention = {
  name: string;
  state: "present" | "remote" | "missing" | "regenerable";
  pointer?: string;
  mentions: { path: string; line: number }[];
};

const rank = { present: 3, remote: 2, regenerable: 1, missing: 0 };

/** The data sets of a repository: each name once, with all that mention it; a remote copy's address is its pointer. */
export function collectDatasets(
  references: readonly (Reference & { mention?: Mention })[],
  remote: readonly RemoteData[] = [],
): DatasetMention[] {
  const byName = new Map<string, DatasetMention>();
  const pointers = new Map<string, string>();
  for (const one of references) {
    if (one.class === "external" && /^(?:s3|gs|gcs|hf|az|abfss?|oss|https?):\/\//.test(one.raw)) {
      const role = roleOf(one.raw);
      if (role === "data" || role === "archive") pointers.set(baseName(one.raw), one.raw);
    }
  }
  for (const one of references) {
    const path = one.target ?? one.raw;
    const role = roleOf(path);
    const isData = role === "data" || role === "archive";
    let state: DatasetMention["state"];
    if (/[*?{]/.test(path) || programArchive.test(path)) continue;
    if (one.class === "missing-data") state = "missing";
    else if (one.class === "declared-missing" && dataReason(path, false) !== undefined) state = "missing";
    else if (one.class === "resolves" && isData) state = "present";
    else if (one.class === "generated" && isData) state = "regenerable";
    else if (one.class === "external" && (isData || one.evidence.some(({ kind }) => kind === "pointer")))
      state = "remote";
    else continue;
    const name = baseName(path);
    const known = byName.get(name);
    const entry: DatasetMention = known ?? { name, state, mentions: [] };
    if (known === undefined) byName.set(name, entry);
    else if (rank[state] > rank[entry.state]) entry.state = state;
    entry.mentions.push({ path: one.path, line: one.line });
  }
  // Also what no file speaks of: a manifest's pointer may be all that is known of it.
  for (const { name, pointer } of remote) {
    pointers.set(name, pointer);
    if (!byName.has(name)) byName.set(name, { name, state: "remote", mentions: [] });
  }
  for (const entry of byName.values()) {
    const pointer = pointers.get(entry.name);
    if (pointer === undefined) continue;
    entry.pointer = pointer;
    if (entry.state === "missing") entry.state = "remote";
  }
  return [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}
