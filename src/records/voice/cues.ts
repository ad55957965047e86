/** A piece of a transcript. Times in seconds. */
export type Cue = { start: number; end: number; speaker?: string; text: string };

const time = /(?:(\d{1,3}):)?(\d{1,2}):(\d{2})[.,](\d{1,3})/;
const timing = new RegExp(`^\\s*${time.source}\\s*-->\\s*${time.source}`);

const seconds = (parts: readonly (string | undefined)[]): number => {
  const [hours, minutes, whole, fraction] = parts;
  return Number(hours ?? 0) * 3600 + Number(minutes) * 60 + Number(whole) + Number(`0.${fraction}`);
};

const plain = (text: string): string =>
  text
    .replaceAll(/<[^<>]*>/g, "")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&nbsp;", " ")
    .replaceAll("&amp;", "&")
    .replaceAll(/\{\\[^}]*\}/g, "") // subtitle positioning
    .replaceAll(/\s+/g, " ")
    .trim();

const named =
  /^\s*(?:[-–]\s*)?\[?([A-Za-z\u00c0-\u024f][\w\u00c0-\u024f .'’-]{0,40}?|SPEAKER[_ ]?\d+|Speaker \d+)\]?\s*:\s+(.*)$/s;

/** Cues of one timed block: a `<v Name>` or a `Name:` at a line's start begins another speaker. */
function cuesOf(start: number, end: number, lines: readonly string[]): Cue[] {
  const cues: Cue[] = [];
  const add = (speaker: string | undefined, raw: string): void => {
    const text = plain(raw);
    const last = cues.at(-1);
    if (text === "" && speaker === undefined) return;
    if (last !== undefined && speaker === undefined) last.text = `${last.text} ${text}`.trim();
    else cues.push({ start, end, text, ...(speaker === undefined ? {} : { speaker }) });
  };
  for (const line of lines) {
    const voices = line.split(/(?=<v(?:\.[^\s>]*)?\s)/);
    for (const part of voices) {
      const voice = /^<v(?:\.[^\s>]*)?\s+([^>]+)>(.*)$/s.exec(part);
      if (voice !== null) add((voice[1] as string).trim(), voice[2] as string);
      else {
        const name = named.exec(plain(part));
        if (name !== null) add((name[1] as string).trim(), name[2] as string);
        else add(undefined, part);
      }
    }
  }
  return cues.filter(({ text }) => text !== "");
}

/** Cues of WebVTT or SRT: both are blocks with a line of times; headers, notes, styles and numbers have none. */
export function readTimedText(text: string): Cue[] {
  const cues: Cue[] = [];
  for (const block of text
    .replace(/^\ufeff/, "")
    .replaceAll(/\r\n?/g, "\n")
    .split(/\n[ \t]*\n/)) {
    if (/^\s*(?:NOTE|STYLE|REGION)\b/.test(block)) continue;
    const lines = block.split("\n");
    const at = lines.findIndex((line) => timing.test(line));
    const match = timing.exec(lines[at] ?? "");
    if (match === null) continue;
    cues.push(...cuesOf(seconds(match.slice(1, 5)), seconds(match.slice(5, 9)), lines.slice(at + 1)));
  }
  return cues;
}

/** Segments as Whisper and its relatives write them, or undefined if the list is something else. */
export function readSegments(list: readonly unknown[]): Cue[] | undefined {
  const cues: Cue[] = [];
  for (const one of list) {
    if (typeof one !== "object" || one === null) return undefined;
    const { start, end, text, speaker } = one as Record<string, unknown>;
    if (typeof start !== "number" || typeof end !== "number" || typeof text !== "string") return undefined;
    const said = plain(text);
    const name = named.exec(said);
    const who = typeof speaker === "string" && speaker !== "" ? speaker : name?.[1];
    const words = typeof speaker === "string" || name === null ? said : (name[2] as string);
    if (words !== "") cues.push({ start, end, text: words, ...(who === undefined ? {} : { speaker: who }) });
  }
  return cues;
}
