import type { Confidence, Evidence, Mention, ReferenceClass } from "../schema.ts";

/** A class with its reason, before the place is filled in. */
export type Early = { class: ReferenceClass; confidence: Confidence; evidence: Evidence };

export const early = (kind: ReferenceClass, confidence: Confidence, evidence: Evidence): Early => ({
  class: kind,
  confidence,
  evidence,
});

export const ev = (kind: string, text: string): Evidence => ({ kind, text });

export const isLinkKind = ({ kind }: Mention): boolean => kind === "link" || kind === "image";
