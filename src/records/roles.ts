import type { Role } from "./schema.ts";
import { foldKey } from "./shapes/fields.ts";

const words: Readonly<Record<string, Role>> = {
  system: "system",
  developer: "system",
  user: "user",
  human: "user",
  client: "user",
  patient: "user",
  seeker: "user",
  helpseeker: "user",
  prompter: "user",
  customer: "user",
  person: "user",
  student: "user",
  assistant: "assistant",
  therapist: "assistant",
  counselor: "assistant",
  counsellor: "assistant",
  psychologist: "assistant",
  psychiatrist: "assistant",
  clinician: "assistant",
  doctor: "assistant",
  supporter: "assistant",
  helper: "assistant",
  listener: "assistant",
  ai: "assistant",
  gpt: "assistant",
  chatgpt: "assistant",
  bot: "assistant",
  chatbot: "assistant",
  model: "assistant",
  agent: "assistant",
  coach: "assistant",
  tool: "tool",
  function: "tool",
  observation: "tool",
  ipython: "tool",
};

// A speaker's name is told from its letters and digits, as a key is.
const bare = foldKey;

/**
 * The role that a speaker's name or mark stands for, or undefined.
 * @example
 * roleOf("Therapist") // "assistant"
 */
export function roleOf(name: string, own: Readonly<Record<string, Role>> = {}): Role | undefined {
  if (Object.hasOwn(own, name)) return own[name];
  const key = bare(name);
  for (const [mark, role] of Object.entries(own)) if (bare(mark) === key) return role;
  return Object.hasOwn(words, key) ? words[key] : undefined;
}

const helping =
  /\b(?:therapists?|counsell?ors?|psycholog\w+|psychiatr\w+|clinicians?|psychotherap\w+|social workers?|coach|mentor|guide|helper|supporter|listener|assistant|chatbot|ai|dr|doctor|facilitator|expert|professional|supportive|empathetic guide)\b/i;
const helped =
  /\b(?:clients?|patients?|users?|seekers?|customers?|humans?|anxious|depressed|grieving|survivors?|struggl\w+|perfectionist|traumati[sz]ed|lonely|stressed|overwhelmed|addict\w*|burn(?:ed|t)[ -]?out|insecure|suicidal|avoidant|veteran|teen\w*|student|caregiver|parent)\b/i;

/** What a description of a person tells about their role: a help word beats the description of a trouble. */
export function roleOfDescription(description: string): "user" | "assistant" | undefined {
  const text = description.replaceAll(/[_-]+/g, " ").replaceAll(/([a-z])([A-Z])/g, "$1 $2");
  if (/\b(?:clients?|patients?|users?|help seekers?)\b/i.test(text)) {
    return /\b(?:therapists?|counsell?ors?)\b/i.test(text) ? undefined : "user";
  }
  if (helping.test(text)) return "assistant";
  return helped.test(text) ? "user" : undefined;
}

/** Every word that marks a speaker in running text, longest first. */
export const markWords: readonly string[] = Object.keys(words).sort((a, b) => b.length - a.length);
