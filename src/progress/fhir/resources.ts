import type { Consent, Episode, Homework } from "../entities/care-records.ts";
import type { GoalValue } from "../entities/goals.ts";
import type { MeasureValue } from "../entities/measures.ts";
import type { RiskValue } from "../entities/risk.ts";
import type { SessionValue } from "../entities/sessions.ts";
import { isoTime } from "../entities/times.ts";
import { localDate } from "../local-time.ts";
import type { StoredRecord } from "../store/records.ts";

export type Resource = { resourceType: string; id: string } & Record<string, unknown>;

const terminology = "http://terminology.hl7.org/CodeSystem";
// Panel totals: loinc.org/44261-6, loinc.org/70274-6
const loinc: Record<string, string> = { "PHQ-9": "44261-6", "GAD-7": "70274-6" };

const reference = (type: string, id: string) => ({ reference: `${type}/${id}` });
const patient = (id: string) => reference("Patient", id);
const coded = (system: string, code: string) => ({ coding: [{ system, code }] });

export function patientResource(id: string, external: string): Resource {
  return {
    resourceType: "Patient",
    id,
    identifier: [{ system: "urn:training-ready:client", value: external }],
  };
}

/** A session: its frame as Encounter, its words as a document beside it. */
export function sessionResources(record: StoredRecord<SessionValue>, client: string): Resource[] {
  const minutes = record.value.session_duration_minutes;
  const start = isoTime(record.authoredAt);
  const end = minutes === undefined ? {} : { end: isoTime(record.authoredAt + minutes * 60_000) };
  const words = Buffer.from(JSON.stringify({ session_id: record.external, ...record.value }), "utf8");
  return [
    {
      resourceType: "Encounter",
      id: record.id,
      identifier: [{ system: "urn:training-ready:session", value: record.external }],
      status: record.value.status === "held" ? "finished" : "cancelled",
      class: { system: `${terminology}/v3-ActCode`, code: record.value.kind === "human" ? "AMB" : "VR" },
      subject: patient(client),
      period: { start, ...end },
    },
    {
      resourceType: "DocumentReference",
      id: `${record.id}-words`,
      status: "current",
      type: { text: "session record" },
      subject: patient(client),
      date: isoTime(record.recordedAt),
      content: [{ attachment: { contentType: "application/json", data: words.toString("base64") } }],
      context: { encounter: [reference("Encounter", record.id)] },
    },
  ];
}

/** The model that led sessions; an Encounter's participant cannot be a Device, so Provenance says it. */
export function modelResource(client: string): Resource {
  return {
    resourceType: "Device",
    id: `${client}-model`,
    status: "active",
    deviceName: [{ name: "conversation model", type: "user-friendly-name" }],
  };
}

/** What the model's Provenance says beside its targets. */
export const provenanceEnds = (client: string, recordedAt: number) => ({
  head: { resourceType: "Provenance", id: `${client}-provenance` },
  tail: {
    recorded: isoTime(recordedAt),
    agent: [{ who: reference("Device", `${client}-model`) }],
  },
});

export const encounterReference = (id: string) => reference("Encounter", id);

/** This export as an entry of the ledger says it: who was given it, about whom, when. */
export function disclosureResource(
  disclosure: { id: string; at: number; principal: { id: string; role: string } },
  client: string,
): Resource {
  const { id, at, principal } = disclosure;
  return {
    resourceType: "AuditEvent",
    id,
    // dicom.nema.org/medical/dicom/current/output/chtml/part16/sect_CID_400.html
    type: { system: "http://dicom.nema.org/resources/ontology/DCM", code: "110106", display: "Export" },
    action: "R",
    recorded: isoTime(at),
    outcome: "0",
    agent: [
      {
        role: [{ text: principal.role }],
        who: { identifier: { system: "urn:training-ready:principal", value: principal.id } },
        requestor: true,
      },
    ],
    source: { observer: { display: "training-ready" } },
    entity: [
      {
        what: patient(client),
        type: { system: `${terminology}/audit-entity-type`, code: "1", display: "Person" },
        role: { system: `${terminology}/object-role`, code: "1", display: "Patient" },
      },
    ],
  };
}

/** A questionnaire: its answers, and the total where it is valid. */
export function measureResources(record: StoredRecord<MeasureValue>, client: string): Resource[] {
  const { value } = record;
  const at = isoTime(record.authoredAt);
  const response: Resource = {
    resourceType: "QuestionnaireResponse",
    id: record.id,
    questionnaire: `urn:training-ready:instrument:${value.instrument}`,
    status: value.valid ? "completed" : "in-progress",
    subject: patient(client),
    authored: at,
    ...(value.items === null
      ? {}
      : {
          item: value.items.map((answer, index) => ({
            linkId: String(index + 1),
            ...(answer === null
              ? {}
              : { answer: [Number.isInteger(answer) ? { valueInteger: answer } : { valueDecimal: answer }] }),
          })),
        }),
  };
  if (value.total === null) return [response];
  const code = loinc[value.instrument];
  return [
    response,
    {
      resourceType: "Observation",
      id: `${record.id}-total`,
      status: "final",
      category: [coded(`${terminology}/observation-category`, "survey")],
      code: {
        ...(code === undefined ? {} : coded("http://loinc.org", code)),
        text: `${value.instrument} total`,
      },
      subject: patient(client),
      effectiveDateTime: at,
      valueQuantity: {
        value: value.total,
        unit: "{score}",
        system: "http://unitsofmeasure.org",
        code: "{score}",
      },
      derivedFrom: [reference("QuestionnaireResponse", record.id)],
      ...(value.band === null ? {} : { interpretation: [{ text: value.band }] }),
    },
  ];
}

const lifecycles: Record<string, string> = {
  active: "active",
  completed: "completed",
  abandoned: "cancelled",
};

/** `zone`: where the client's days are. */
export function goalResource(record: StoredRecord<GoalValue>, client: string, zone: string): Resource {
  const { target_date, notes, description, completion_percentage } = record.value;
  return {
    resourceType: "Goal",
    id: record.id,
    identifier: [{ system: "urn:training-ready:goal", value: record.external }],
    lifecycleStatus: lifecycles[record.status] ?? "active",
    description: { text: description },
    subject: patient(client),
    startDate: localDate(record.authoredAt, zone),
    target: [
      {
        measure: { text: "completion" }, // a detail needs its measure
        detailQuantity: {
          value: completion_percentage,
          unit: "%",
          system: "http://unitsofmeasure.org",
          code: "%",
        },
        ...(target_date === null ? {} : { dueDate: target_date.slice(0, 10) }),
      },
    ],
    ...(notes === null || notes === "" ? {} : { note: [{ text: notes }] }),
  };
}

export function riskResources(record: StoredRecord<RiskValue>, client: string): Resource[] {
  const { value } = record;
  const isClosed = record.status === "closed";
  return [
    {
      resourceType: "RiskAssessment",
      id: record.id,
      status: isClosed ? "final" : "preliminary",
      subject: patient(client),
      occurrenceDateTime: isoTime(record.authoredAt),
      prediction: [{ outcome: { text: "harm to self" }, qualitativeRisk: { text: value.severity } }],
      ...(value.disposition === null ? {} : { mitigation: value.disposition }),
    },
    {
      resourceType: "Flag",
      id: `${record.id}-flag`,
      status: isClosed ? "inactive" : "active",
      category: [coded(`${terminology}/flag-category`, "safety")],
      code: { text: `risk event, ${value.severity}` },
      subject: patient(client),
      period: {
        start: isoTime(record.authoredAt),
        ...(value.closedAt === null ? {} : { end: isoTime(value.closedAt) }),
      },
    },
  ];
}

export function consentResource(record: StoredRecord<Consent>, client: string): Resource {
  return {
    resourceType: "Consent",
    id: record.id,
    status: "active",
    scope: coded(`${terminology}/consentscope`, "patient-privacy"),
    category: [{ text: record.value.purpose }],
    patient: patient(client),
    dateTime: isoTime(record.authoredAt),
    policyRule: { text: "recorded by the site" },
    provision: {
      type: record.value.status === "given" ? "permit" : "deny",
      purpose: [{ display: record.value.purpose }],
    },
  };
}

export function episodeResource(record: StoredRecord<Episode>, client: string): Resource {
  const { end } = record.value;
  return {
    resourceType: "EpisodeOfCare",
    id: record.id,
    status: end === null ? "active" : "finished",
    patient: patient(client),
    period: { start: isoTime(record.authoredAt), ...(end === null ? {} : { end: isoTime(Date.parse(end)) }) },
  };
}

export function homeworkResource(record: StoredRecord<Homework>, client: string): Resource {
  const { status, description, due } = record.value;
  return {
    resourceType: "Task",
    id: record.id,
    status:
      status === "done"
        ? "completed"
        : status === "not_done"
          ? "failed"
          : status === "partly"
            ? "in-progress"
            : "requested",
    intent: "plan",
    description,
    for: patient(client),
    authoredOn: isoTime(record.authoredAt),
    ...(due === null ? {} : { restriction: { period: { end: due } } }),
  };
}
