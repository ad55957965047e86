import { redactSecrets } from "../shared/index.ts";

const longest = 80;

// Names whose value is a secret whatever it looks like.
const secretName =
  /(?:^|[._-])(?:pass(?:word|wd|phrase)?|secret|api[_-]?key|access[_-]?key|private[_-]?key|auth[_-]?token|access[_-]?token|credentials?)(?:$|[._-])/i;

/** True for a key (`db.password`, `openai_api_key`) whose value is never shown. */
export function isSecretName(key: string): boolean {
  return secretName.test(key);
}

/** A text of a file, fit to be quoted: secrets filtered, 80 characters and more become a length. */
export function shownText(text: string): string {
  return text.length >= longest ? `<text of ${text.length} characters>` : redactSecrets(text);
}

/** A value of a configuration, fit to be quoted: as JSON, or its type and length. */
export function shownValue(key: string, value: unknown): string {
  if (value === undefined) return "nothing";
  if (isSecretName(key) && typeof value === "string" && value !== "") return "[secret]";
  // What the sealed report already holds instead of a value.
  if (typeof value === "string" && /^(?:\[[a-z-]+\]|<text of \d+ characters>)$/.test(value)) return value;
  if (typeof value === "string") {
    return value.length >= longest
      ? `<text of ${value.length} characters>`
      : redactSecrets(JSON.stringify(value));
  }
  const text = JSON.stringify(value) ?? typeof value;
  if (text.length < longest) return redactSecrets(text);
  return Array.isArray(value)
    ? `<list of ${value.length}>`
    : `<${typeof value} of ${text.length} characters>`;
}
