import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { configOf, readDataSet, runIn, scratch } from "./run-data.ts";

const lines = (rows: readonly object[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join("");
const rows = (client: string, seed: string) =>
  Array.from({ length: 12 }, (_, index) => ({
    prompt: `My name is Annabel and I live in Boston; number ${index} of ${seed} keeps me awake.`,
    response: `Annabel, what is it about number ${index} of ${seed} that comes first to you?`,
    client_id: client,
  }));
const there = { name: "a", uri: "a.jsonl", licence: "MIT" };
const gone = { name: "b", uri: "b.jsonl", licence: "CC-BY-4.0" };

describe("a source that is missing", () => {
  it("is an error, unless the config says that it may be: then the manifest lists it", async () => {
    const folder = scratch({
      "a.jsonl": lines(rows("c", "one")),
      "training-ready.yaml": configOf([there, gone]),
    });
    const failed = await runIn(folder, "data", "build", "--out", "out", "--workers", "1");
    expect({ code: failed.code, said: failed.err.includes("E_DATA_SOURCE_MISSING") }).toEqual({
      code: 1,
      said: true,
    });
    expect(existsSync(join(folder, "out"))).toBe(false);
    writeFileSync(join(folder, "training-ready.yaml"), configOf([there, { ...gone, optional: true }]));
    expect((await runIn(folder, "data", "build", "--out", "out", "--workers", "1")).code).toBe(0);
    const manifest = JSON.parse(readFileSync(join(folder, "out/manifest.json"), "utf8")) as Record<
      string,
      unknown
    >;
    expect(manifest["absent"]).toEqual([{ name: "b", uri: "b.jsonl", licence: "CC-BY-4.0" }]);
    expect(readFileSync(join(folder, "out/README.md"), "utf8")).toContain("Absent, as declared: b");
    expect((await runIn(folder, "data", "status", "--out", "out")).code).toBe(0);
  });

  it("is an error all the same where it is there and empty, or where nothing else is left", async () => {
    const optional = { ...gone, optional: true };
    const folder = scratch({
      "b.jsonl": "",
      "a.jsonl": lines(rows("c", "one")),
      "training-ready.yaml": configOf([there, optional]),
    });
    expect((await runIn(folder, "data", "build", "--out", "out", "--workers", "1")).err).toContain(
      "E_DATA_SOURCE_EMPTY",
    );
    const alone = scratch({ "training-ready.yaml": configOf([optional]) });
    expect((await runIn(alone, "data", "build", "--out", "out", "--workers", "1")).err).toContain(
      "E_DATA_NO_SOURCE",
    );
  });
});

describe("pii.key_file", () => {
  async function build(seed: string, key: Uint8Array | string, config: object = { key_file: "k" }) {
    const folder = scratch({
      "a.jsonl": lines(rows("client-7", seed)),
      k: key,
      "training-ready.yaml": configOf([there], { pii: config }),
    });
    const ran = await runIn(folder, "data", "build", "--out", "out", "--workers", "1");
    if (ran.code !== 0) return { err: ran.err, names: [], clients: [] };
    const records = readDataSet(join(folder, "out"));
    const text = records.map(({ messages }) => messages[0]?.content ?? "");
    const names = [...new Set(text.map((one) => /My name is (\w+)/.exec(one)?.[1]))];
    return {
      err: "",
      names,
      clients: [...new Set(records.map(({ provenance }) => provenance.group["client"]))],
    };
  }

  it("gives the same person the same stand-in in data sets of one key, and another with another key", async () => {
    const [key, other] = [randomBytes(32), randomBytes(32)];
    const first = await build("one", key);
    const second = await build("two", key);
    expect(first.names).toHaveLength(1);
    expect(first.names).not.toContain("Annabel");
    expect(second).toEqual(first);
    const third = await build("one", other);
    expect(third.clients).not.toEqual(first.clients);
    const drawn = [await build("one", key, {}), await build("two", key, {})];
    expect(drawn[0]?.clients).not.toEqual(drawn[1]?.clients);
  });

  it.each([
    ["short", "too few"],
    ["aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "repeats"],
  ])("refuses %s", async (key) => {
    const { err } = await build("one", key);
    expect(err).toContain("E_DATA_KEY");
    expect(err).not.toContain(key);
  });
});
