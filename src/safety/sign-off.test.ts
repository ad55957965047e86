import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { draftConfiguration, type SafetyConfiguration } from "./configuration.ts";
import { isUnderstoodQuestion } from "./conversation.ts";
import { markOf, protocolReply, watchLine } from "./protocol.ts";
import type { Resource } from "./resource.ts";
import { initSafety, readSafety, safetyPaths, writeSignOff } from "./safety-folder.ts";
import {
  configurationHash,
  coveredCountries,
  partsOf,
  refusalsOf,
  shownResources,
  standingOf,
  type SignOff,
} from "./sign-off.ts";

// Synthetic throughout: no real person verified or signed anything here, and no number is one that answers.
const now = Date.parse("2026-11-25");
const row = (kind: Resource["kind"], verified: string | null, more: Partial<Resource> = {}): Resource => ({
  country: "XA",
  locale: null,
  kind,
  name: `Synthetic ${kind} line`,
  phone: "00 0000",
  sms: null,
  url: null,
  hours: null,
  time_zone: null,
  open: null,
  languages: [],
  source: verified === null ? null : "synthetic",
  verified_at: verified,
  verified_by: verified === null ? null : "Synthetic Person",
  ...more,
});
const withRows = (...resources: Resource[]): SafetyConfiguration => ({ ...draftConfiguration, resources });
const covered = withRows(row("emergency", "2026-11-01"), row("suicide", "2026-11-01"));
const signed = (configuration: SafetyConfiguration, countries: string[] = []): SignOff => {
  const parts = partsOf(configuration);
  return {
    version: 1,
    name: "Synthetic Clinician",
    role: "test role",
    date: "2026-11-25T10:00:00.000Z",
    hash: configurationHash(parts),
    parts,
    countries,
    model: null,
  };
};

describe("a sign-off", () => {
  it("is refused for a country without a verified emergency row and a verified crisis row", () => {
    expect(refusalsOf(draftConfiguration, ["DE"], now)).toEqual([
      "DE has no verified emergency row",
      "DE has no verified crisis (kind: suicide) row",
    ]);
    expect(refusalsOf(withRows(row("emergency", "2026-11-01"), row("suicide", null)), ["XA"], now)).toEqual([
      "XA has no verified crisis (kind: suicide) row",
    ]);
    expect(refusalsOf(covered, ["XA"], now)).toEqual([]);
    expect(refusalsOf(covered, ["XB"], now)).toHaveLength(2);
  });

  it("is refused with a row that was verified in the future", () => {
    const early = withRows(row("emergency", "2027-01-01"), row("suicide", "2026-11-01"));
    expect(refusalsOf(early, ["XA"], now)).toEqual([
      "XA emergency Synthetic emergency line was verified in the future (2027-01-01)",
    ]);
  });

  it("covers no country that ships, since no row that ships is verified", () => {
    expect(coveredCountries(draftConfiguration)).toEqual([]);
    expect(coveredCountries(covered)).toEqual(["XA"]);
  });

  it("ends with any change of a text, a threshold or a row, and names it", () => {
    const { texts, thresholds } = draftConfiguration;
    const signOff = signed(covered, ["XA"]);
    const reasons = (change: Partial<SafetyConfiguration>): string[] => {
      const standing = standingOf(signOff, { ...covered, ...change });
      return standing.state === "broken" ? standing.reasons : [standing.state];
    };
    expect(reasons({})).toEqual(["signed"]);
    expect(reasons({ texts: { ...texts, disclosure: "Hello." } })).toEqual(["texts.disclosure was changed"]);
    expect(reasons({ texts: { ...texts, imminent: [...texts.imminent, "Call {emergency}."] } })).toEqual([
      "texts.imminent[4] was added",
    ]);
    expect(reasons({ thresholds: { ...thresholds, watch: thresholds.watch + 1 } })).toEqual([
      "thresholds.watch was changed",
    ]);
    expect(reasons({ resources: [...covered.resources, row("poison", null)] })).toEqual([
      "resources.XA.poison[0] was added",
    ]);
    expect(reasons({ resources: covered.resources.slice(0, 1) })).toEqual([
      "resources.XA.suicide[0] was removed",
      "XA is not verified",
    ]);
  });

  it("ends with another screen, and with a hash that is not its own", () => {
    const signOff = signed(covered);
    const other = { ...signOff.parts, "screen.model": "0".repeat(64) };
    expect(standingOf({ ...signOff, parts: other, hash: configurationHash(other) }, covered)).toMatchObject({
      state: "broken",
      changes: [{ part: "screen.model", change: "changed" }],
    });
    expect(standingOf({ ...signOff, hash: "0".repeat(64) }, covered)).toMatchObject({ state: "broken" });
  });

  it("lets verified rows of its countries through alone", () => {
    const mixed = withRows(
      ...covered.resources,
      row("poison", null),
      row("emergency", "2026-11-01", { country: "XB" }),
    );
    expect(
      shownResources(mixed, { signOff: signed(mixed, ["XA"]), isLoopback: true }).map(({ kind }) => kind),
    ).toEqual(["emergency", "suicide"]);
    expect(shownResources(mixed, { signOff: undefined, isLoopback: true })).toHaveLength(4);
    expect(shownResources(mixed, { signOff: undefined, isLoopback: false })).toHaveLength(3);
  });
});

describe("the protocol", () => {
  it("ships questions that the screen understands an answer to", () => {
    const { imminent, elevated, watch_line } = draftConfiguration.texts;
    expect(imminent.some(isUnderstoodQuestion)).toBe(true);
    expect(elevated.some(isUnderstoodQuestion)).toBe(true);
    expect(isUnderstoodQuestion(watch_line)).toBe(false);
  });

  const risk = { level: "imminent" as const, categories: ["suicide"], evidence: [], step: 0 };

  it("says the texts and numbers it is given", () => {
    const texts = {
      ...draftConfiguration.texts,
      imminent: ["One {emergency}{line}", "Two {emergency}", "Three"],
    };
    const source = { texts, resources: covered.resources, now };
    expect(protocolReply(risk, { country: "XA", said: [] }, source)).toBe(
      "One 00 0000 (or Synthetic suicide line: 00 0000)",
    );
    expect(protocolReply(risk, { country: "XB", said: [] }, source)).toBe("One your local emergency number");
    expect(watchLine("XA", source)).toContain("Synthetic suicide line: 00 0000");
  });

  it("marks rows that were not checked, and dates those that were checked over 180 days ago", () => {
    expect(markOf(row("suicide", null), now)).toBe("number not verified");
    expect(markOf(row("suicide", "2026-05-29"), now)).toBe("");
    expect(markOf(row("suicide", "2026-05-28"), now)).toBe("number last checked 2026-05-28");
  });
});

describe("a home's safety folder", () => {
  let home = "";
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), "safety-"));
  });
  afterAll(async () => rm(home, { recursive: true, force: true }));
  beforeEach(async () => {
    await rm(safetyPaths(home).folder, { recursive: true, force: true });
    await initSafety(home);
  });
  const change = async (file: "policy" | "resources", from: string | RegExp, to: string): Promise<void> => {
    const path = safetyPaths(home)[file];
    const text = await readFile(path, "utf8");
    expect(text).toMatch(from);
    await writeFile(path, text.replace(from, to));
  };
  const refusal = async (): Promise<string> =>
    readSafety(home).then(
      () => "taken",
      (error: Error & { code?: string }) => `${error.code} ${error.message.slice(home.length + 8)}`,
    );

  it("holds the drafts as they ship, read back without a difference", async () => {
    const { configuration, isOwn, standing } = await readSafety(home);
    expect(configuration).toEqual(draftConfiguration);
    expect([isOwn, standing]).toEqual([true, { state: "unsigned" }]);
  });

  it("is not written over", async () => {
    await expect(initSafety(home)).rejects.toMatchObject({ code: "E_SAFETY_EXISTS" });
    await expect(initSafety(join(home, "nowhere"))).rejects.toMatchObject({ code: "E_FILE_MISSING" });
  });

  it("is refused with half of it missing, and init writes the missing half alone", async () => {
    await change("policy", "watch: 0", "watch: 0.4");
    await rm(safetyPaths(home).resources);
    expect(await refusal()).toBe("E_SAFETY_CONFIG resources.yaml is missing");
    expect(await initSafety(home)).toEqual([safetyPaths(home).resources]);
    expect((await readSafety(home)).configuration.thresholds.watch).toBe(0.4);
  });

  it.each([
    ["policy", "watch_line:", "watch_lines:", /texts\.watch_lines: unknown key\. Did you mean watch_line\?/],
    ["policy", "watch: 0", "watch: high", /policy\.yaml:\d+: thresholds\.watch: /],
    ["policy", "version: 1", "version: 2", /version: /],
    ["policy", "call {emergency}", "call {number}", /only \{emergency\} and \{line\} are filled in/],
    [
      "policy",
      /imminent:\n(?: {4}- .*\n(?: {6}.*\n)*)*/,
      'imminent: ["Call {emergency}."]\n',
      /texts\.imminent: /,
    ],
    [
      "policy",
      /imminent:\n(?: {4}- .*\n(?: {6}.*\n)*)*/,
      "imminent: [a, b, c]\n",
      /every step names \{emergency\}/,
    ],
    ["policy", "talking with an AI", "talking with {line}", /texts\.disclosure: nothing is filled in here/],
    ["resources", "country: US", "country: usa", /resources\.0\.country: two capital letters/],
    ["resources", "kind: emergency", "kind: police", /resources\.0\.kind: /],
    ["resources", 'phone: "911"', "phone: null", /resources\.0\.phone: /],
    ["resources", "verified_at: null", "verified_at: 2026-11-01", /verified_at and verified_by go together/],
    [
      "resources",
      "verified_at: null\n    verified_by: null",
      "verified_at: 2026-11-01\n    verified_by: Synthetic Person",
      /resources\.0\.source: a verified row names its source/,
    ],
    ["resources", "verified_at: null", "verified_at: yesterday", /resources\.0\.verified_at: /],
    ["resources", "hours: null", "hour: null", /resources\.0\.hour: unknown key\. Did you mean hours\?/],
    ["resources", "version: 1", "version: 1\nversion: 1", /resources\.yaml:\d+: /],
  ] as const)("refuses %s with %s made %s", async (file, from, to, message) => {
    await change(file, from, to);
    const said = await refusal();
    expect(said).toMatch(/^E_SAFETY_CONFIG /);
    expect(said).toMatch(message);
  });

  it("has a sign-off that counts until the files change", async () => {
    await writeSignOff(home, signed(draftConfiguration));
    expect((await readSafety(home)).standing.state).toBe("signed");
    await change("policy", "You are talking with an AI", "You talk with an AI");
    expect((await readSafety(home)).standing).toMatchObject({
      state: "broken",
      reasons: ["texts.disclosure was changed"],
    });
  });

  it("keeps the earlier sign-off when it is signed again", async () => {
    await writeSignOff(home, signed(draftConfiguration));
    await writeSignOff(home, { ...signed(draftConfiguration), name: "Second Synthetic Clinician" });
    const { folder, signOff } = safetyPaths(home);
    expect(await readFile(signOff, "utf8")).toMatch(/Second Synthetic Clinician/);
    const [earlier, ...more] = await readdir(join(folder, "earlier"));
    expect(more).toEqual([]);
    expect(await readFile(join(folder, "earlier", earlier ?? ""), "utf8")).toMatch(/"Synthetic Clinician"/);
  });

  it.each(["{", "{}", '{"version": 1, "signedOff": true}', "null"])(
    "has no sign-off that counts in %s",
    async (text) => {
      await writeFile(safetyPaths(home).signOff, text);
      expect((await readSafety(home)).standing).toMatchObject({ state: "broken", signOff: undefined });
    },
  );
});
