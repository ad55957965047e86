import type { Message } from "../../records/index.ts";
import { domainNames, domainRules } from "./domain-rules.data.ts";
import { hasAnyHead } from "../kernel/word-heads.ts";

export { domainNames };

export type DomainEvidence = { label: string; score: number; message: number; rule: string };

/** A domain that an item itself names, if it is one of ours. */
export function saidDomain(extra: Readonly<Record<string, unknown>>): string | undefined {
  const said = extra["domain"];
  return typeof said === "string" && (domainNames as readonly string[]).includes(said) ? said : undefined;
}

/**
 * The domain whose words weigh most, 1 at least; on a tie mental health comes before psychology before bias. Else
 * `general_therapeutic`. `more`: weight that a record's shape or labels add.
 */
export function domainOf(
  messages: readonly Message[],
  more: Readonly<Record<string, number>>,
): { domain: string; evidence: DomainEvidence[] } {
  const evidence: DomainEvidence[] = [];
  let best = "general_therapeutic";
  let most = 0;
  for (const [domain, rules] of Object.entries(domainRules)) {
    let score = more[domain] ?? 0;
    const own: DomainEvidence[] = [];
    for (const { rule, weight, heads, pattern } of rules) {
      if (!hasAnyHead(heads)) continue;
      const message = messages.findIndex(({ role, content }) => role !== "system" && pattern.test(content));
      if (message < 0) continue;
      score += weight;
      own.push({ label: `domain/${domain}`, score: weight, message, rule });
    }
    if (score < 1 || score <= most) continue;
    best = domain;
    most = score;
    evidence.splice(0, evidence.length, ...own);
  }
  return { domain: best, evidence };
}
