import { publicUri } from "../storage/index.ts";
import type { PinnedSource } from "./schema.ts";
import type { WorkRecord } from "./work-record.ts";

const quoted = (text: string): string => (text === "" ? '""' : JSON.stringify(text));

type SourceParts = { name: string; uri: string; licence: string };
const known = new WeakMap<PinnedSource, SourceParts>();

/** What is the same in all records of a source, as JSON. */
function partsOf(source: PinnedSource): SourceParts {
  let parts = known.get(source);
  if (parts === undefined) {
    const { config, etag } = source;
    parts = {
      name: `"source":${quoted(config.family ?? config.name)}`,
      uri: `"uri":${quoted(publicUri(config.uri))},"etag":${quoted(etag ?? "")}`,
      licence: `"licence":${quoted(config.licence)},"consent":${quoted(config.consent ?? "")}`,
    };
    known.set(source, parts);
  }
  return parts;
}

export type LineParts = {
  id: string;
  /** The turns as JSON. */
  messages: string;
  source: PinnedSource;
  stage: string;
  labels: WorkRecord["labels"];
  extra: string;
  provenance: Omit<WorkRecord["provenance"], "uri" | "etag" | "licence" | "consent">;
};

/** A record as a line, newline included: what `JSON.stringify` gives for a `WorkRecord`, in a third of the time. */
export function recordLine({ id, messages, source, stage, labels, extra, provenance }: LineParts): string {
  const { name, uri, licence } = partsOf(source);
  const { offset, length, shape, repairs, generator, parents, group } = provenance;
  return (
    `{"v":1,"id":"${id}","messages":${messages},${name},"stage":${quoted(stage)},"labels":${JSON.stringify(labels)},` +
    `"extra":${quoted(extra)},"provenance":{${uri},"offset":${offset},"length":${length},${licence},"shape":${quoted(shape)},` +
    `"repairs":${quoted(repairs)},"generator":${quoted(generator)},"parents":${parents.length === 0 ? "[]" : JSON.stringify(parents)},` +
    `"group":{"client":"${group.client}","session":"${group.session}","question":"${group.question}"}}}\n`
  );
}
