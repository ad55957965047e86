/** Version of the rules below; every ledger entry carries it. */
export const policyVersion = "3";

export const principalKinds = ["human", "service", "model"] as const;
export const principalRoles = [
  "clinician",
  "supervisor",
  "operator",
  "auditor",
  "client",
  "service",
  "model",
] as const;
export const consentPurposes = [
  "care",
  "ai",
  "model_improvement",
  "research",
  "psychotherapy_notes",
  "sud_notes",
] as const;

/** Which consent to AI a turn needs to be stored. */
export const turnConsents = ["given", "not_withdrawn"] as const;
export type TurnConsent = (typeof turnConsents)[number];

export type PrincipalKind = (typeof principalKinds)[number];
export type PrincipalRole = (typeof principalRoles)[number];
export type ConsentPurpose = (typeof consentPurposes)[number];
export type ConsentStatus = "given" | "withdrawn";

/** Who asks. `tenantWide`: a service that was not bound to clients. */
export type Principal = {
  id: string;
  tenantId: string;
  kind: PrincipalKind;
  role: PrincipalRole;
  tenantWide: boolean;
  /** The one client that a questionnaire link was made for. */
  boundTo?: string;
};

export type Action =
  | "sessions:write"
  | "sessions:read"
  | "turns:write"
  | "goals:write"
  | "goals:read"
  | "measures:write"
  | "measures:read"
  | "overview:read"
  | "report:read"
  | "export:read"
  | "risk:open"
  | "risk:read"
  | "risk:acknowledge"
  | "risk:close"
  | "consents:write"
  | "consents:read"
  | "clients:create"
  | "ledger:read"
  | "erasure:write"
  | "client_report:read"
  | "form_links:write"
  | "break_glass:open"
  | "break_glass:review"
  | "legal_hold:write"
  | "care:write"
  | "courses:write"
  | "models:write"
  | "deidentified:read"
  | "notes:write"
  | "notes:read";

/** What is asked for: the client's tenant, whether a care relationship is valid now, and its consents. */
export type Resource = {
  tenantId: string;
  related: boolean;
  consents: Partial<Record<ConsentPurpose, ConsentStatus>>;
  /** Whether the principal broke the glass for this client and its hours are not over. */
  glassBroken?: boolean;
  /** The site's setting; `given` if it has none. */
  turnConsent?: TurnConsent;
};

export type Decision = { allow: boolean; reason: "allowed" | "hidden" | "consent" };

const clinical: readonly Action[] = [
  "sessions:write",
  "sessions:read",
  "goals:write",
  "goals:read",
  "measures:write",
  "measures:read",
  "overview:read",
  "report:read",
  "export:read",
  "risk:open",
  "risk:read",
  "consents:write",
  "consents:read",
  "client_report:read",
  "form_links:write",
];

const byRole: Record<PrincipalRole, readonly Action[]> = {
  clinician: [...clinical, "risk:acknowledge", "risk:close", "break_glass:open", "notes:write", "notes:read"],
  supervisor: [
    ...clinical.filter((one) => one.endsWith(":read")),
    "risk:acknowledge",
    "risk:close",
    "ledger:read",
    "break_glass:review",
    "legal_hold:write",
    "care:write",
    "courses:write",
    "models:write",
    "deidentified:read",
  ],
  operator: ["ledger:read", "erasure:write", "legal_hold:write", "care:write", "models:write"],
  auditor: ["ledger:read"],
  client: [
    "risk:open",
    "measures:write",
    "measures:read",
    "goals:read",
    "consents:read",
    "client_report:read",
  ],
  service: [...clinical, "turns:write"],
  model: [
    "sessions:write",
    "turns:write",
    "sessions:read",
    "goals:read",
    "measures:read",
    "overview:read",
    "risk:open",
  ],
};

const tenantRoles: readonly PrincipalRole[] = ["supervisor", "operator", "auditor"];
const humanOnly: readonly Action[] = [
  "risk:acknowledge",
  "risk:close",
  "break_glass:open",
  "break_glass:review",
  "legal_hold:write",
  "care:write",
  "deidentified:read",
  "notes:write",
  "notes:read",
];
const consentFree: readonly Action[] = [
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
];

/** What a principal may do at all, whoever the client. */
export function mayEver(principal: Principal, action: Action): boolean {
  if (humanOnly.includes(action) && principal.kind !== "human") return false;
  if (action === "clients:create") return principal.kind === "service" && principal.tenantWide;
  const role = principal.kind === "model" ? "model" : principal.role;
  return byRole[role].includes(action);
}

/** Whether a principal reaches every client of its tenant. */
export const reachesTenant = (principal: Principal): boolean =>
  principal.kind !== "model" && (principal.tenantWide || tenantRoles.includes(principal.role));

/**
 * The one decision. `hidden`: the principal must not learn that the client exists; `consent`: it could but for a
 * consent. A model reads only what the client has consented to, and turns with it are stored only then, unless the site
 * says otherwise; a withdrawn consent stops its purpose for anyone.
 */
export function decide(principal: Principal, action: Action, resource: Resource): Decision {
  const hidden: Decision = { allow: false, reason: "hidden" };
  if (resource.tenantId !== principal.tenantId || !mayEver(principal, action)) return hidden;
  const mayReach =
    resource.related ||
    reachesTenant(principal) ||
    action === "break_glass:open" || // its reason is recorded, a supervisor told
    (resource.glassBroken === true &&
      principal.kind === "human" &&
      action.endsWith(":read") &&
      action !== "notes:read"); // the separate notes stay closed in an emergency too
  if (!mayReach) return hidden;
  if (consentFree.includes(action)) return { allow: true, reason: "allowed" };
  const purpose = principal.kind === "model" || action === "turns:write" ? "ai" : "care";
  const status = resource.consents[purpose];
  const needsGiven =
    action === "turns:write"
      ? resource.turnConsent !== "not_withdrawn"
      : principal.kind === "model" && action.endsWith(":read");
  return status === "withdrawn" || (needsGiven && status !== "given")
    ? { allow: false, reason: "consent" }
    : { allow: true, reason: "allowed" };
}

export const noteKinds = ["psychotherapy", "sud"] as const;
export type NoteKind = (typeof noteKinds)[number];

/**
 * Whether somebody who may read a client's separate notes at all may read this one: its author (45 CFR
 * 164.508(a)(2)(i)(A)), or with the client's own consent to the disclosure of such notes (164.508(a)(2); 42 CFR 2.31).
 */
export function mayReadNote(
  principal: Principal,
  note: { kind: NoteKind; authorId: string },
  consents: Resource["consents"],
): boolean {
  return note.authorId === principal.id || consents[`${note.kind}_notes`] === "given";
}
