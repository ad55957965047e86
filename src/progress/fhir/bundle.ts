import { zoneOf, type Consent, type Episode, type Homework } from "../entities/care-records.ts";
import type { GoalValue } from "../entities/goals.ts";
import type { MeasureValue } from "../entities/measures.ts";
import type { RiskValue } from "../entities/risk.ts";
import type { SessionValue } from "../entities/sessions.ts";
import { isoTime } from "../entities/times.ts";
import type { Call } from "../store/act.ts";
import type { Client } from "../store/clients.ts";
import { eachRecord, type RecordKind, type StoredRecord } from "../store/records.ts";
import {
  consentResource,
  disclosureResource,
  encounterReference,
  episodeResource,
  goalResource,
  homeworkResource,
  measureResources,
  modelResource,
  patientResource,
  provenanceEnds,
  riskResources,
  sessionResources,
  type Resource,
} from "./resources.ts";

const urlOf = ({ resourceType, id }: Pick<Resource, "resourceType" | "id">): string =>
  JSON.stringify(`https://training-ready.invalid/fhir/${resourceType}/${id}`);
const entry = (resource: Resource): string =>
  `{"fullUrl":${urlOf(resource)},"resource":${JSON.stringify(resource)}}`;

/** The model with its Provenance, whose targets are all sessions that it led. */
function* modelEntries(call: Call, client: Client): Generator<string> {
  let newest: number | undefined;
  for (const one of eachRecord<SessionValue>(call.store, client, "session")) {
    if (one.value.kind === "human") continue;
    const target = JSON.stringify(encounterReference(one.id));
    if (newest === undefined) {
      newest = one.recordedAt;
      const { head } = provenanceEnds(client.id, newest);
      yield `,${entry(modelResource(client.id))}`;
      yield `,{"fullUrl":${urlOf(head)},"resource":${JSON.stringify(head).slice(0, -1)},"target":[${target}`;
    } else yield `,${target}`;
  }
  if (newest !== undefined) yield `],${JSON.stringify(provenanceEnds(client.id, newest).tail).slice(1)}}`;
}

/** Everything stored about a client as a FHIR R4 collection (hl7.org/fhir/R4), a piece at a time. */
export function* bundlePieces(
  call: Call,
  client: Client,
  disclosure: Parameters<typeof disclosureResource>[0],
): Generator<string> {
  function* of<T>(
    kind: RecordKind,
    made: (record: StoredRecord<T>, client: string) => Resource | Resource[],
  ): Generator<string> {
    for (const one of eachRecord<T>(call.store, client, kind))
      for (const resource of [made(one, client.id)].flat()) yield `,${entry(resource)}`;
  }
  const head = {
    resourceType: "Bundle",
    type: "collection",
    timestamp: isoTime(call.store.now()),
  };
  yield `${JSON.stringify(head).slice(0, -1)},"entry":[${entry(patientResource(client.id, client.external))}`;
  yield* of<Episode>("episode", episodeResource);
  yield* of<SessionValue>("session", sessionResources);
  yield* modelEntries(call, client);
  yield* of<MeasureValue>("measure", measureResources);
  const zone = zoneOf(call, client);
  yield* of<GoalValue>("goal", (record, id) => goalResource(record, id, zone));
  yield* of<RiskValue>("risk_event", riskResources);
  yield* of<Homework>("homework", homeworkResource);
  yield* of<Consent>("consent", consentResource);
  yield `,${entry(disclosureResource(disclosure, client.id))}]}\n`;
}
