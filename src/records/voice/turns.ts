import { roleOf, roleOfDescription } from "../roles.ts";
import type { Converted, Message, Role, ShapeOptions } from "../schema.ts";
import type { Cue } from "./cues.ts";

type Speech = { speaker: string; start: number; end: number; text: string };

/** What a rolling caption adds to the one before: a cue that begins with the last words on screen repeats them. */
function withoutOverlap(before: string, text: string): string {
  const [old, fresh] = [before.slice(-600).split(" "), text.split(" ")];
  for (let size = Math.min(old.length, fresh.length); size >= 3; size--) {
    if (old.slice(-size).join(" ") === fresh.slice(0, size).join(" ")) return fresh.slice(size).join(" ");
  }
  return text === before ? "" : text;
}

const loopRepeats = 3;

/** A phrase of up to 12 words that recognition repeats over and over, once. */
function withoutLoops(text: string): string {
  return text.replace(/\b((?:[^\s]{1,40} ){1,12}?)(?:\1){2,}/g, "$1");
}

/** Turns of a transcript: cues of one speaker in a row, in the order of their start, captions and loops taken once. */
function speechesOf(cues: readonly Cue[]): Speech[] | undefined {
  const ordered = cues.toSorted((a, b) => a.start - b.start);
  const speeches: Speech[] = [];
  let speaker: string | undefined;
  let repeats = 0;
  let lastText = "";
  for (const cue of ordered) {
    speaker = cue.speaker ?? speaker;
    if (speaker === undefined) return undefined;
    repeats = cue.text === lastText ? repeats + 1 : 0;
    lastText = cue.text;
    if (repeats >= loopRepeats) continue;
    const last = speeches.at(-1);
    if (last === undefined || last.speaker !== speaker) {
      speeches.push({ speaker, start: cue.start, end: cue.end, text: cue.text });
      continue;
    }
    const added = withoutOverlap(last.text, cue.text);
    last.text = `${last.text} ${added}`.trim();
    last.end = Math.max(last.end, cue.end);
  }
  return speeches;
}

const leastWords = 30;
const leastDifference = 0.03;

/** Who of two speaks of themselves and who asks: words of the first person against the second and questions. */
function roleByTalk(speeches: readonly Speech[], speakers: readonly string[]): Map<string, Role> | undefined {
  const scores = speakers.map((speaker) => {
    const text = speeches
      .filter((one) => one.speaker === speaker)
      .map((one) => one.text)
      .join(" ");
    const words = text.split(/\s+/).length;
    const own = text.match(/\b(?:I|I'm|I've|me|my|mine|myself)\b/g)?.length ?? 0;
    const asked = (text.match(/\b(?:you|your|yourself)\b/gi)?.length ?? 0) + (text.match(/\?/g)?.length ?? 0);
    return { words, score: (own - asked) / Math.max(1, words) };
  });
  const [a, b] = scores;
  if (a === undefined || b === undefined || scores.length !== 2) return undefined;
  if (Math.min(a.words, b.words) < leastWords || Math.abs(a.score - b.score) < leastDifference)
    return undefined;
  const [client, other] = a.score > b.score ? speakers : [speakers[1], speakers[0]];
  return new Map<string, Role>([
    [client as string, "user"],
    [other as string, "assistant"],
  ]);
}

function rolesOf(speeches: readonly Speech[], options: ShapeOptions): Map<string, Role> | undefined {
  const speakers = [...new Set(speeches.map(({ speaker }) => speaker))];
  const roles = new Map<string, Role>();
  for (const speaker of speakers) {
    const role = roleOf(speaker, options.roles) ?? roleOfDescription(speaker);
    if (role !== undefined) roles.set(speaker, role);
  }
  if (roles.size === speakers.length) return roles;
  if (roles.size === 1 && speakers.length === 2) {
    const open = speakers.find((speaker) => !roles.has(speaker)) as string;
    return roles.set(open, [...roles.values()][0] === "user" ? "assistant" : "user");
  }
  return roles.size === 0 ? roleByTalk(speeches, speakers) : undefined;
}

/** A transcript as one conversation, or why it is none. */
export function convertTranscript(
  cues: readonly Cue[],
  extra: Record<string, unknown>,
  options: ShapeOptions,
): Converted {
  if (cues.length === 0) return { kind: "refused", code: "voice.cues" };
  const speeches = speechesOf(cues);
  const roles = speeches === undefined ? undefined : rolesOf(speeches, options);
  if (speeches === undefined || roles === undefined) return { kind: "refused", code: "voice.roles_unknown" };
  const messages = speeches.map(({ speaker, start, end, text }): Message => ({
    role: roles.get(speaker) as Role,
    content: withoutLoops(text),
    name: speaker,
    t0: start,
    t1: end,
  }));
  return { kind: "drafts", drafts: [{ shape: "transcript", messages, extra }] };
}
