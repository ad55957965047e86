import type { Consent, Episode, Homework } from "../entities/care-records.ts";
import type { GoalValue } from "../entities/goals.ts";
import type { MeasureValue } from "../entities/measures.ts";
import type { RiskValue } from "../entities/risk.ts";
import type { SessionValue } from "../entities/sessions.ts";
import { isoTime } from "../entities/times.ts";
import type { Call } from "../store/act.ts";
import type { Client } from "../store/clients.ts";
import { listRecords } from "../store/records.ts";
import {
  consentResource,
  episodeResource,
  goalResource,
  homeworkResource,
  measureResources,
  modelResources,
  patientResource,
  riskResources,
  sessionResources,
} from "./resources.ts";

/** Everything stored about a client as a FHIR R4 collection (hl7.org/fhir/R4). */
export function fhirBundle(call: Call, client: Client): Record<string, unknown> {
  const of = <T>(kind: Parameters<typeof listRecords>[2]) => listRecords<T>(call.store, client, kind);
  const sessions = of<SessionValue>("session");
  const resources = [
    patientResource(client.id, client.external),
    ...of<Episode>("episode").map((one) => episodeResource(one, client.id)),
    ...sessions.flatMap((one) => sessionResources(one, client.id)),
    ...modelResources(sessions, client.id),
    ...of<MeasureValue>("measure").flatMap((one) => measureResources(one, client.id)),
    ...of<GoalValue>("goal").map((one) => goalResource(one, client.id)),
    ...of<RiskValue>("risk_event").flatMap((one) => riskResources(one, client.id)),
    ...of<Homework>("homework").map((one) => homeworkResource(one, client.id)),
    ...of<Consent>("consent").map((one) => consentResource(one, client.id)),
  ];
  return {
    resourceType: "Bundle",
    type: "collection",
    timestamp: isoTime(call.store.now()),
    entry: resources.map((resource) => ({
      fullUrl: `https://training-ready.invalid/fhir/${resource.resourceType}/${resource.id}`,
      resource,
    })),
  };
}
