import type { Action, Principal, Resource } from "../../src/progress/access.ts";

// The access policy written a second time, by hand and from the design, to compare the one in use with.
// A line an action: who may ever do it by role. c clinician, s supervisor, o operator, a auditor, u the client itself,
// v service, m model.
const mayByRole: Record<Action, string> = {
  "sessions:write": "cvm",
  "sessions:read": "csvm",
  "turns:write": "vm",
  "goals:write": "cv",
  "goals:read": "csuvm",
  "measures:write": "cuv",
  "measures:read": "csuvm",
  "overview:read": "csvm",
  "report:read": "csv",
  "export:read": "csv",
  "risk:open": "cuvm",
  "risk:read": "csv",
  "risk:acknowledge": "cs",
  "risk:close": "cs",
  "consents:write": "cv",
  "consents:read": "csuv",
  "clients:create": "",
  "ledger:read": "soa",
  "erasure:write": "o",
  "client_report:read": "csuv",
  "form_links:write": "cv",
  "break_glass:open": "c",
  "break_glass:review": "s",
  "legal_hold:write": "so",
  "care:write": "so",
  "courses:write": "s",
  "models:write": "so",
  "deidentified:read": "s",
  "notes:write": "c",
  "notes:read": "c",
};
const letters = {
  clinician: "c",
  supervisor: "s",
  operator: "o",
  auditor: "a",
  client: "u",
  service: "v",
  model: "m",
} as const;

export const actions = Object.keys(mayByRole) as Action[];

const peopleOnly = new Set([
  "risk:acknowledge",
  "risk:close",
  "break_glass:open",
  "break_glass:review",
  "legal_hold:write",
  "care:write",
  "deidentified:read",
  "notes:write",
  "notes:read",
]);
const withoutConsent = new Set([
  "risk:open",
  "risk:read",
  "risk:acknowledge",
  "risk:close",
  "consents:write",
  "consents:read",
  "erasure:write",
  "ledger:read",
  "break_glass:open",
  "break_glass:review",
  "legal_hold:write",
  "care:write",
]);

/** What a principal may do at all. */
export function everExpected(who: Principal, what: Action): boolean {
  if (what === "clients:create") return who.kind === "service" && who.tenantWide;
  if (who.kind !== "human" && peopleOnly.has(what)) return false;
  return mayByRole[what].includes(who.kind === "model" ? "m" : letters[who.role]);
}

/** Who reaches every client of the tenant. */
export function tenantExpected(who: Principal): boolean {
  if (who.kind === "model") return false;
  return who.tenantWide || who.role === "supervisor" || who.role === "operator" || who.role === "auditor";
}

/** The decision, in the order of the design: tenant, role, reach, consent. */
export function expectedReason(who: Principal, what: Action, on: Resource): "allowed" | "hidden" | "consent" {
  if (who.tenantId !== on.tenantId) return "hidden";
  if (!everExpected(who, what)) return "hidden";
  const byGlass =
    on.glassBroken === true && who.kind === "human" && what.endsWith(":read") && what !== "notes:read";
  if (!on.related && !tenantExpected(who) && !byGlass && what !== "break_glass:open") return "hidden";
  if (withoutConsent.has(what)) return "allowed";
  const isAi = who.kind === "model" || what === "turns:write";
  const given = isAi ? on.consents.ai : on.consents.care;
  if (given === "withdrawn") return "consent";
  if (what === "turns:write" && on.turnConsent !== "not_withdrawn" && given !== "given") return "consent";
  if (who.kind === "model" && what.endsWith(":read") && given !== "given") return "consent";
  return "allowed";
}
