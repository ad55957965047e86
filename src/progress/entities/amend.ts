import { z } from "zod";
import { act, notFound, type Call } from "../store/act.ts";
import { recordNamed, reviseRecord } from "../store/records.ts";
import { text } from "../values.ts";
import { checkSeen } from "./revision.ts";
import { noticeKey, openRisk } from "./risk.ts";
import { sessionSchema, sessionView, type SessionValue } from "./sessions.ts";

/** What an amendment changes, and why; the former revision is kept. */
export const amendmentSchema = sessionSchema
  .pick({
    conversation_summary: true,
    emotional_state: true,
    therapeutic_goals: true,
    progress_notes: true,
    therapist_observations: true,
    next_session_focus: true,
    session_duration_minutes: true,
    techniques_used: true,
    homework_assigned: true,
    crisis_flags: true,
    status: true,
  })
  .partial()
  .extend({ reason: text(2000).refine((value) => value.trim() !== "", { message: "is empty" }) });

/**
 * Amends a session that the caller saw at a revision. Throws `E_REVISION_NEEDED` without one, `E_STALE` for an old one.
 * Crisis flags that are new open risk in the same transaction.
 */
export function amendSession(
  call: Call,
  clientId: string,
  sessionId: string,
  input: z.input<typeof amendmentSchema>,
  ifMatch: number | undefined,
) {
  // Defaults of the form must not overwrite what is stored: only what was given counts.
  const { reason, ...given } = input;
  const flags = given.crisis_flags ?? [];
  const cause = { severity: "high" as const, source: "crisis_flags", evidence: flags };
  if (flags.length > 0) call.atRisk?.push({ client_id: clientId, key: noticeKey(call), ...cause });
  return act(call, "sessions:write", clientId, (client) => {
    const session = recordNamed<SessionValue>(call.store, client, "session", sessionId);
    if (session === undefined) throw notFound();
    checkSeen("session", session.revision, ifMatch ?? null);
    const before = session.value.crisis_flags;
    const value = { ...session.value, ...given, amendment_reason: reason } as SessionValue;
    const revised = reviseRecord(call.store, client, "session", session, {
      value,
      status: given.status ?? session.status,
    });
    if (flags.some((one) => !before.includes(one)))
      openRisk(call, client, { ...cause, objectId: session.id });
    return sessionView(client, revised);
  });
}
