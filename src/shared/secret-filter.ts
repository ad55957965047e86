/** Kinds of secrets that are known by their own shape. */
export type SecretKind =
  | "aws-access-key"
  | "github-token"
  | "gitlab-token"
  | "huggingface-token"
  | "openai-key"
  | "anthropic-key"
  | "google-api-key"
  | "slack-token"
  | "stripe-key"
  | "npm-token"
  | "wandb-key"
  | "json-web-token"
  | "private-key"
  | "url-credentials";

/** `value`: the group that holds the secret itself; the rest of the match is context. */
type Pattern = { kind: SecretKind; pattern: RegExp };

// Prefixes as the providers document them.
const patterns: readonly Pattern[] = [
  {
    kind: "private-key",
    pattern:
      /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----(?:[\s\S]{0,8192}?-----END (?:[A-Z]+ )*PRIVATE KEY-----)?/g,
  },
  { kind: "aws-access-key", pattern: /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g },
  { kind: "github-token", pattern: /\b(?:gh[pousr]_[0-9A-Za-z]{36,251}|github_pat_[0-9A-Za-z_]{60,251})\b/g },
  { kind: "gitlab-token", pattern: /\bglpat-[0-9A-Za-z_-]{20,64}\b/g },
  { kind: "huggingface-token", pattern: /\bhf_[0-9A-Za-z]{30,64}\b/g },
  { kind: "anthropic-key", pattern: /\bsk-ant-[0-9A-Za-z_-]{20,200}\b/g },
  { kind: "openai-key", pattern: /\bsk-(?:proj-|svcacct-)?[0-9A-Za-z_-]{32,200}\b/g },
  { kind: "google-api-key", pattern: /\bAIza[0-9A-Za-z_-]{35}\b/g },
  { kind: "slack-token", pattern: /\bxox[abprs]-[0-9A-Za-z-]{10,200}\b/g },
  { kind: "stripe-key", pattern: /\b[rs]k_live_[0-9A-Za-z]{20,200}\b/g },
  { kind: "npm-token", pattern: /\bnpm_[0-9A-Za-z]{36}\b/g },
  { kind: "wandb-key", pattern: /(?<=\bWANDB_API_KEY["']?\s{0,4}[=:]\s{0,4}["']?)[0-9a-f]{40}\b/g },
  {
    kind: "json-web-token",
    pattern: /\beyJ[0-9A-Za-z_-]{10,2000}\.eyJ[0-9A-Za-z_-]{10,4000}\.[0-9A-Za-z_-]{10,2000}/g,
  },
  // Only the password of user:password@host; placeholders such as ${TOKEN} or <password> are no secret.
  {
    kind: "url-credentials",
    pattern:
      /(?<=\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s/:@"'<>{}$]{1,64}:)[^\s/:@"'<>{}$]{3,128}(?=@[^\s/@]{1,253})/gi,
  },
];

/** One sure sign of any of the patterns: texts without it are not searched. */
const probe =
  /AKIA|ASIA|gh[pousr]_|github_pat_|glpat-|hf_|sk-|AIza|xox|k_live_|npm_|WANDB_API_KEY|eyJ|PRIVATE KEY|:\/\//;

export type SecretMatch = { kind: SecretKind; start: number; end: number };

/** Where secrets of a known shape stand in a text, in order of place; offsets in UTF-16 units. */
export function findSecrets(text: string): SecretMatch[] {
  if (!probe.test(text)) return [];
  const matches: SecretMatch[] = [];
  for (const { kind, pattern } of patterns) {
    for (const match of text.matchAll(pattern)) {
      matches.push({ kind, start: match.index, end: match.index + match[0].length });
    }
  }
  return matches.sort((a, b) => a.start - b.start || b.end - a.end);
}

/**
 * A text with every known secret replaced by its kind. Everything that the program emits passes it.
 * @example
 * redactSecrets("key AKIAABCDEFGHIJKLMNOP") // "key [aws-access-key]"
 */
export function redactSecrets(text: string): string {
  const matches = findSecrets(text);
  if (matches.length === 0) return text;
  let result = "";
  let at = 0;
  for (const { kind, start, end } of matches) {
    if (start < at) continue;
    result += `${text.slice(at, start)}[${kind}]`;
    at = end;
  }
  return result + text.slice(at);
}
