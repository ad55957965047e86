/** Synthetic files that are broken in one way each, and what a build must make of them. */
export type FileCase = {
  file: string;
  bytes: string | Uint8Array;
  /** Items, those that give records, and for each that gives none its code and place. */
  wanted:
    | { read: number; written: number; quarantined: [code: string, offset: number, length: number][] }
    | { error: string; says: RegExp; hint: RegExp };
};

const row = (number: number, more: object = {}): string =>
  JSON.stringify({
    prompt: `Question ${number}: how do I sleep when plan ${number} fails?`,
    response: `Begin with habit ${number}; a calm evening helps more than plan ${number}.`,
    ...more,
  });
const rows = (count: number): string[] => Array.from({ length: count }, (_, number) => row(number));
const good = rows(12);
const goodBytes = Buffer.byteLength(`${good.join("\n")}\n`);

/** Good lines, then the bad ones; each of these has to be quarantined where it stands. */
function behindGood(file: string, bad: readonly [line: string | Uint8Array, code: string][]): FileCase {
  let offset = goodBytes;
  const parts: Uint8Array[] = [Buffer.from(`${good.join("\n")}\n`)];
  const quarantined = bad.map(([line, code]): [string, number, number] => {
    const bytes = Buffer.from(line);
    parts.push(bytes, Buffer.from("\n"));
    const place: [string, number, number] = [code, offset, bytes.length];
    offset += bytes.length + 1;
    return place;
  });
  return {
    file,
    bytes: Buffer.concat([...parts, Buffer.from(`${row(99)}\n`)]),
    wanted: { read: good.length + bad.length + 1, written: good.length + 1, quarantined },
  };
}

const utf16 = (text: string, isBig: boolean, mark: boolean): Buffer => {
  const bytes = Buffer.from(`${mark ? "\ufeff" : ""}${text}`, "utf16le");
  return isBig ? bytes.swap16() : bytes;
};
const wide = (file: string, bytes: Uint8Array, encoding: string): FileCase => ({
  file,
  bytes,
  wanted: {
    error: "E_DATA_SOURCE_FORMAT",
    says: new RegExp(`the file is ${encoding}`),
    hint: new RegExp(`iconv -f ${encoding} `),
  },
});
const text = `${good.join("\n")}\n`;
const deepList = "[".repeat(10_000);
const deepRow = `{"a":`.repeat(10_000);
const turns = (...messages: object[]): string => JSON.stringify({ messages });
const speaks = (role: unknown, content: unknown, more: object = {}): object => ({ role, content, ...more });

export const halfLines: FileCase[] = [
  behindGood("half.jsonl", [[good[0]?.slice(0, 40) ?? "", "json.syntax"]]),
  {
    file: "cut.jsonl",
    bytes: `${text}${row(50).slice(0, 50)}`,
    wanted: { read: 13, written: 12, quarantined: [["json.cut", goodBytes, 50]] },
  },
  {
    file: "cut.csv",
    bytes: `prompt,response\n"How do I rest?","Slowly, in the evening."\n"How do I`,
    wanted: { read: 2, written: 1, quarantined: [["csv.open_quote", 59, 9]] },
  },
];

export const nuls: FileCase[] = [
  behindGood("nul.jsonl", [
    [`${row(50).slice(0, 20)}\0${row(50).slice(20)}`, "json.syntax"],
    ["\0".repeat(300), "json.syntax"],
  ]),
  {
    file: "escaped.jsonl",
    // A NUL that JSON can hold is taken out, and the repair is noted.
    bytes: `${text}${row(50).replace("plan", "pl\\u0000an")}\n`,
    wanted: { read: 13, written: 13, quarantined: [] },
  },
];

export const encodings: FileCase[] = [
  wide("le.jsonl", utf16(text, false, true), "UTF-16"),
  wide("be.jsonl", utf16(text, true, true), "UTF-16"),
  wide("le-unmarked.jsonl", utf16(text, false, false), "UTF-16LE"),
  wide("be-unmarked.jsonl", utf16(text, true, false), "UTF-16BE"),
  wide("le.csv", utf16(`prompt,response\n${"Why é?,So.\n".repeat(9)}`, false, false), "UTF-16LE"),
  wide("le32.jsonl", utf16(text.split("").join("\0"), false, false), "UTF-32LE"),
  behindGood("latin.jsonl", [[Buffer.from(row(50, { note: "café, müde" }), "latin1"), "text.encoding"]]),
  behindGood("bytes.jsonl", [
    [Buffer.concat([Buffer.from(row(50)), Buffer.from([0xc3, 0x28])]), "text.encoding"],
    [Buffer.from([0xed, 0xa0, 0x80]), "text.encoding"],
    [Buffer.from([0xff]), "text.encoding"],
  ]),
  {
    file: "latin.csv",
    bytes: Buffer.from(`prompt,response\n${`"How do I rest, café?","Slowly."\n`.repeat(8)}`, "latin1"),
    wanted: { error: "E_DATA_QUARANTINE", says: /8 of 8 items/, hint: /iconv -f WINDOWS-1252/ },
  },
];

export const nested: FileCase[] = [
  behindGood("deep.jsonl", [
    [`{"prompt":${deepList}${"]".repeat(10_000)},"response":"x"}`, "json.depth"],
    [`${deepRow}1${"}".repeat(10_000)}`, "json.depth"],
    [deepList, "json.syntax"],
    [deepRow, "json.syntax"],
  ]),
  {
    file: "deep.json",
    bytes: `[${good[0]},${deepRow}1${"}".repeat(10_000)},${good[1]}]`,
    wanted: {
      read: 3,
      written: 2,
      quarantined: [["json.depth", 2 + Buffer.byteLength(good[0] as string), 60_001]],
    },
  },
];

export const roles: FileCase[] = [
  behindGood("roles.jsonl", [
    [turns(speaks("alien", "Hello there."), speaks("robot", "Who are you?")), "roles.unknown"],
    [turns(speaks(7, "Hello there."), speaks("robot", "Who are you?")), "roles.unknown"],
    [turns(speaks("user", "Only me here.")), "turns.no_reply"],
    [turns(speaks("assistant", "Only me here.")), "turns.no_user"],
  ]),
  {
    file: "talk.vtt",
    bytes: `WEBVTT\n\n00:01.000 --> 00:02.000\nHello there.\n\n00:03.000 --> 00:04.000\nHello to you.\n`,
    wanted: { read: 1, written: 0, quarantined: [["voice.roles_unknown", 0, 84]] },
  },
];

export const emptyTurns: FileCase[] = [
  behindGood("empty.jsonl", [
    [JSON.stringify({ prompt: "", response: "Hello." }), "turns.empty"],
    [JSON.stringify({ prompt: "Hello?", response: " \t\u00a0 " }), "turns.empty"],
    [turns(speaks("user", "Hello?"), speaks("assistant", "")), "turns.empty"],
    [turns(), "turns.none"],
    ["{}", "shape.unknown"],
    ["null", "json.not_object"],
  ]),
];

export const skewed: FileCase[] = [
  {
    file: "back.jsonl",
    bytes: Array.from(
      { length: 3 },
      (_, at) =>
        `${turns(speaks("user", `Part ${at}: how do I rest?`, { t0: 9, t1: -1e300 }), speaks("assistant", `Part ${at}: slowly.`, { t0: 1, t1: "soon" }))}\n`,
    ).join(""),
    wanted: { read: 3, written: 3, quarantined: [] },
  },
  {
    file: "back.vtt",
    bytes: `WEBVTT\n\n${[9, 7, 5, 3].map((at) => `00:0${at}.000 --> 00:0${at - 1}.000\n<v ${at % 4 === 1 ? "Client" : "Therapist"}>Words number ${at}, is it not so?\n\n`).join("")}`,
    wanted: { read: 1, written: 1, quarantined: [] },
  },
];
