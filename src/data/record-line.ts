import type { Message } from "../records/index.ts";
import { publicUri } from "../storage/index.ts";
import { ByteText } from "./byte-text.ts";
import type { PinnedSource } from "./schema.ts";
import { addTurns } from "./turn-bytes.ts";
import type { WorkRecord } from "./work-record.ts";
import type { TurnFacts } from "./words.ts";

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
  messages: readonly Message[];
  /** What reading the messages told. */
  turns: readonly TurnFacts[];
  source: PinnedSource;
  stage: string;
  labels: WorkRecord["labels"];
  extra: string;
  provenance: Omit<WorkRecord["provenance"], "uri" | "etag" | "licence" | "consent">;
};

const whole = new ByteText(); // used again for every record

/**
 * A record as a line, newline included: what `JSON.stringify` gives for a `WorkRecord`. Given in a view that is good
 * until the next call.
 */
export function recordLine(said: LineParts): Uint8Array {
  const { id, messages, turns, source, stage, labels, extra, provenance } = said;
  const { name, uri, licence } = partsOf(source);
  const { offset, length, shape, repairs, generator, parents, group } = provenance;
  whole.clear().addAscii(`{"v":1,"id":"${id}","messages":`);
  addTurns(whole, messages, turns);
  whole.add(
    `,${name},"stage":${quoted(stage)},"labels":${JSON.stringify(labels)},` +
      `"extra":${quoted(extra)},"provenance":{${uri},"offset":${offset},"length":${length},${licence},"shape":${quoted(shape)},` +
      `"repairs":${quoted(repairs)},"generator":${quoted(generator)},"parents":${parents.length === 0 ? "[]" : JSON.stringify(parents)},` +
      `"group":{"client":"${group.client}","session":"${group.session}","question":"${group.question}"}}}\n`,
  );
  return whole.view();
}
