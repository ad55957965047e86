import { afterAll, beforeAll, expect, it } from "vitest";
import { progressRoutes } from "../../src/service/index.ts";
import { startService, type Service } from "./service.test-data.ts";

// TRAINING_READY_LEAK_CASES=25000 with forty seeds is the long form (scripts/prove-leaks.mjs): a store grows with its cases.
const wanted = Number(process.env["TRAINING_READY_LEAK_CASES"] ?? 800);

type Who = { name: string; tenant: string; token: string; cookie: string; sees: (client: string) => boolean };

let service: Service;
const people: Who[] = [];
const clients = ["clinic.ann", "clinic.bob", "clinic.cyd", "other.ann", "other.eve"];
const words = new Map<string, string[]>();
const ids = new Map<string, string[]>();
/** Words that a tenant sent in a body itself: what it then made with them in its own place is no news to it. */
const sentWords = new Set<string>();
let state = 20_261_125 + Number(process.env["TRAINING_READY_LEAK_SEED"] ?? 0) * 7919;
const below = (limit: number): number => {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
  return Math.floor(((state >>> 0) / 4_294_967_296) * limit);
};
const one = <T>(list: readonly T[]): T => list[below(list.length)] as T;

/** A word that stands in one field of one client and nowhere else. */
function canary(client: string, field: string): string {
  const word = `zq${field}x${Buffer.from(client).toString("hex")}y`;
  words.set(client, [...(words.get(client) ?? []), word]);
  return word;
}

beforeAll(async () => {
  service = await startService();
  for (const tenant of ["clinic", "other"]) {
    const key = service.token("service", "service", [], tenant);
    for (const client of clients.filter((each) => each.startsWith(tenant))) {
      const post = async (url: string, body: unknown) => {
        const reply = await service.send(key, "POST", url, body);
        expect(reply.status, `${url} ${reply.text}`).toBeLessThan(300);
        return reply.body;
      };
      const under = `/api/v1/clients/${client}`;
      await post("/api/v1/sessions", {
        client_id: client,
        session_id: canary(client, "session"),
        conversation_summary: canary(client, "summary"),
        progress_notes: canary(client, "notes"),
        techniques_used: [canary(client, "technique")],
        crisis_flags: [canary(client, "flag")],
        metadata: { [canary(client, "key")]: canary(client, "value") },
      });
      const goal = canary(client, "goal");
      await post("/api/v1/goals", { client_id: client, goal_id: goal, description: canary(client, "aim") });
      await post("/api/v1/milestones", {
        client_id: client,
        goal_id: goal,
        milestone_id: canary(client, "milestone"),
        description: canary(client, "step"),
      });
      await post(`${under}/homework`, { description: canary(client, "homework") });
      await post(`${under}/consents`, { purpose: "ai", status: "given" });
      await post(`${under}/turns`, {
        session_id: canary(client, "chat"),
        turn: 0,
        at: "2026-06-01T11:00:00Z",
        level: "elevated",
        user: canary(client, "user"),
        assistant: canary(client, "assistant"),
      });
      const measure = await post(`${under}/measures`, {
        instrument: "PHQ-9",
        total: 9,
        measure_id: canary(client, "measure"),
      });
      const events = (await service.send(key, "GET", `${under}/risk-events`)).body["items"] as {
        id: string;
      }[];
      ids.set(client, [String(measure["id"]), ...events.map((each) => each.id), goal]);
      await post(`${under}/consents`, {
        purpose: "research",
        status: "given",
      });
      service.clock.now += 1000;
      if (!client.endsWith("ann")) await post(`${under}/consents`, { purpose: "ai", status: "withdrawn" });
      const author = service.token("human", "clinician", [client], tenant);
      for (const kind of ["psychotherapy", "sud"] as const) {
        const part2 = kind === "sud" ? { part2: { program: true, federally_assisted: true } } : {};
        const note = { kind, text: canary(client, `separate${kind}`), ...part2 };
        expect((await service.send(author, "POST", `${under}/notes`, note)).status).toBe(201);
      }
    }
    const add = async (
      name: string,
      kind: "human" | "service" | "model",
      role: string,
      own: string[],
      sees: (client: string) => boolean,
    ) => {
      const token = service.token(kind, role, own, tenant);
      const signIn = await service.app.inject({
        method: "POST",
        url: "/app/sign-in",
        headers: { "content-type": "application/x-www-form-urlencoded" },
        payload: `token=${token}`,
      });
      const cookie = String(signIn.headers["set-cookie"] ?? "").split(";")[0] ?? "";
      people.push({ name: `${tenant} ${name}`, tenant, token, cookie, sees });
    };
    const ann = `${tenant}.ann`;
    const mine = (client: string) => client.startsWith(`${tenant}.`);
    await add("clinician", "human", "clinician", [ann], (client) => client === ann);
    await add("nobody's clinician", "human", "clinician", [], () => false);
    await add("supervisor", "human", "supervisor", [], mine);
    await add("operator", "human", "operator", [], () => false);
    await add("auditor", "human", "auditor", [], () => false);
    await add("client", "human", "client", [ann], (client) => client === ann);
    await add("model", "model", "model", [ann, `${tenant}.bob`], (client) => client === ann);
    await add("service", "service", "service", [], mine);
    await add("bound service", "service", "service", [ann], (client) => client === ann);
  }
}, 60_000);
afterAll(() => service.close());

const pages = [
  "/app/caseload",
  "/app/risk",
  "/app/risk/state",
  "/app/fleet",
  "/app/readers?days=30",
  "/app/readers?client={client}",
  "/app/break-glass",
  "/app/own",
  "/app/clients/{client}",
  "/app/clients/{client}/own",
  "/app/clients/{client}/conversations",
  "/app/clients/{client}/notes",
  "/app/clients/{client}/plan",
];
const bodies: unknown[] = [
  undefined,
  {},
  { description: "x" },
  { status: "completed" },
  { notes: "x" },
  { disposition: "x" },
  { instrument: "PHQ-9", total: 3 },
  { purpose: "research", status: "given" },
  { severity: "moderate" },
  { level: 1 },
  { status: "done" },
  { end: "2026-05-30T00:00:00Z" },
  { kind: "psychotherapy", text: "x" },
  { model: "m", from: "2026-05-01T00:00:00Z" },
];

function request(who: Who, client: string) {
  const isPage = below(5) === 0;
  const isRead = below(4) > 0;
  const route = one(
    progressRoutes.filter(
      (each) => isRead === (each.method === "GET") && !/erasure|legal-hold|break-glass$/.test(each.path),
    ),
  );
  const path = isPage ? one(pages) : route.path;
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(
      name.startsWith("client")
        ? client
        : name === "session"
          ? ((words.get(client) ?? ["x"])[0] ?? "x")
          : name === "name"
            ? "verdict"
            : one(ids.get(client) ?? ["nothing"]),
    ),
  );
  const query =
    isPage || below(3) > 0
      ? ""
      : one([
          "?instrument=PHQ-9",
          "?limit=1",
          "?format=csv",
          "?format=fhir",
          "?timeframe_days=0",
          "?cursor=abc",
          "?active_only=false",
          "?days=9",
        ]);
  const method = isPage ? "GET" : route.method;
  const body = method === "GET" ? undefined : one(bodies);
  const named =
    body !== undefined && below(2) === 0
      ? { ...(body as object), client_id: client, goal_id: one(ids.get(client) ?? ["g"]) }
      : body;
  return {
    method: method as "GET",
    url: `${filled}${filled.includes("?") ? "" : query}`,
    headers: {
      ...(isPage ? { cookie: who.cookie } : { authorization: `Bearer ${who.token}` }),
      ...(named === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(named === undefined ? {} : { payload: JSON.stringify(named) }),
  };
}

it(
  `leaks nothing in ${wanted} requests by everybody at everybody's records`,
  { timeout: 3_000_000 },
  async () => {
    const leaks: string[] = [];
    let asked = 0;
    let seen = 0;
    let hidden = 0;
    for (let round = 0; round < Math.ceil(wanted / 40); round += 1) {
      await Promise.all(
        Array.from({ length: Math.min(40, wanted - asked) }, async () => {
          asked += 1;
          const turn = asked;
          const who = one(people);
          const client = below(12) === 0 ? "nobody.here" : one(clients);
          const sent = request(who, client);
          for (const word of [...words.values()].flat())
            if (sent.payload?.includes(word)) sentWords.add(`${who.tenant} ${word}`);
          const reply = await service.app.inject(sent);
          const text = `${reply.body}${JSON.stringify(reply.headers)}`;
          for (const [owner, list] of words) {
            const isOwn = (word: string) =>
              sent.url.includes(word) ||
              (!owner.startsWith(`${who.tenant}.`) && sentWords.has(`${who.tenant} ${word}`));
            const found = list.filter((word) => text.includes(word) && !isOwn(word));
            if (found.length === 0) continue;
            seen += 1;
            // Separate notes were written by somebody else: nobody here may read a word of them.
            const noted = found.find((word) => word.startsWith("zqseparate"));
            if (noted !== undefined) leaks.push(`${who.name} read a note of ${owner}: ${noted}`);
            if (!who.sees(owner))
              leaks.push(`${who.name} read ${owner} by ${sent.method} ${sent.url}: ${found[0]}`);
          }
          if (
            client !== "nobody.here" &&
            !who.sees(client) &&
            sent.url.includes(encodeURIComponent(client))
          ) {
            // A name of its own each time: a service may make a client of the one that it is asked about.
            const nobody = `nobody.${turn}`;
            const absent = await service.app.inject({
              ...sent,
              url: sent.url.replaceAll(encodeURIComponent(client), nobody),
            });
            // An operator and an auditor may know of a client without reading it; a model without consent is told so.
            if (reply.statusCode === 404 || absent.statusCode !== 404) {
              hidden += 1;
              if (
                reply.body !== absent.body &&
                !/auditor|operator/.test(who.name) &&
                reply.statusCode === 404
              )
                leaks.push(`${who.name} can tell ${client} from nobody by ${sent.method} ${sent.url}`);
            }
          }
        }),
      );
    }
    const logged = service.logged.join("");
    for (const list of words.values())
      for (const word of list) if (logged.includes(word)) leaks.push(`a log holds ${word}`);
    expect(leaks.slice(0, 10)).toEqual([]);
    expect(asked).toBe(wanted);
    expect(seen).toBeGreaterThan(wanted / 40); // the words are there to be found
    expect(hidden).toBeGreaterThan(wanted / 20);
  },
);
