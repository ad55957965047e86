import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { configOf, readDataSet, readManifest, runIn, scratch } from "./run-data.ts";
import { generator, sentence, syntheticPairs } from "./synthetic.ts";

const jsonl = (rows: readonly unknown[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join("");

type Dropped = {
  source: string;
  offset: number;
  length: number;
  reason: string;
  kept: string | null;
  jaccard: number | null;
};

async function buildOf(files: Record<string, unknown[]>, more: Record<string, unknown> = {}) {
  const folder = scratch({
    "training-ready.yaml": configOf(
      Object.keys(files).map((name) => ({
        name,
        uri: `${name}.jsonl`,
        licence: "MIT",
        ...(more[name] as object),
      })),
    ),
    ...Object.fromEntries(Object.entries(files).map(([name, rows]) => [`${name}.jsonl`, jsonl(rows)])),
  });
  const { code, err } = await runIn(folder, "data", "build", "--out", "out");
  expect(code, err).toBe(0);
  const out = join(folder, "out");
  const dropped = readManifest(out).dropped.flatMap(({ path }) =>
    readFileSync(join(out, path), "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Dropped),
  );
  return { folder, out, dropped, records: readDataSet(out) };
}

describe("near-duplicates", () => {
  it("go with their similarity and what was kept instead, which is in the data set; no other pair goes", async () => {
    const random = generator(11);
    const rows: { prompt: string; response: string }[] = [];
    for (let index = 0; index < 300; index++) {
      const words = sentence(random, 100);
      rows.push({ prompt: sentence(random, 15).join(" "), response: words.join(" ") });
      if (index % 3 !== 0) continue;
      // One changed word of 115 leaves J = (111 - 5) / (111 + 5) = 0.91; eight far apart leave less than 0.7.
      const copy = [...words];
      const changes = index % 6 === 0 ? 1 : 8;
      for (let change = 0; change < changes; change++) copy[5 + change * 11] = `changed${change}`;
      rows.push({ prompt: rows.at(-1)?.prompt as string, response: copy.join(" ") });
    }
    const { dropped, records } = await buildOf({ a: rows });
    expect(dropped.map(({ reason }) => reason)).toEqual(Array.from({ length: 50 }, () => "near"));
    const ids = new Set(records.map(({ id }) => id));
    for (const { kept, jaccard } of dropped) {
      expect(ids.has(kept as string)).toBe(true);
      expect(jaccard).toBeCloseTo(106 / 116, 3);
    }
  });

  it("do not drop each other: of a chain the best stays, and what is unlike it", async () => {
    const words = sentence(generator(3), 120);
    const chain = [0, 1, 2, 3].map((step) => {
      const copy = [...words];
      for (let change = 0; change < step * 3; change++) copy[4 + change * 12] = `changed${change}`;
      return { prompt: "What should I do about it?", response: copy.join(" ") };
    });
    const { dropped, records } = await buildOf({ a: chain });
    expect(dropped.length + records.length).toBe(4);
    expect(records.length).toBeGreaterThan(1);
    for (const { kept } of dropped) expect(records.map(({ id }) => id)).toContain(kept);
  });

  it("of a held-out source keep its near-copies out, and it is not in the data set itself", async () => {
    const pairs = syntheticPairs(40, 5).map(({ prompt, response }) => ({ prompt, response }));
    const copies = pairs
      .slice(0, 5)
      .map(({ prompt, response }) => ({ prompt, response: `${response} indeed` }));
    const { dropped, records } = await buildOf(
      { exam: pairs.slice(0, 5), train: [...copies, ...pairs.slice(20)] },
      { exam: { holdout: true } },
    );
    expect(records.every(({ source }) => source === "train")).toBe(true);
    expect(dropped.filter(({ source, reason }) => source === "train" && reason === "holdout")).toHaveLength(
      5,
    );
    expect(dropped.filter(({ source }) => source === "exam")).toHaveLength(5);
  });
});

describe("cut copies", () => {
  it("yield to the longer conversation and to the longer answer to the same question", async () => {
    const random = generator(9);
    const text = (count: number): string => sentence(random, count).join(" ");
    const turns = Array.from({ length: 6 }, (_, index) => ({
      role: index % 2 === 0 ? "user" : "assistant",
      content: text(12),
    }));
    const [question, answer] = [text(12), text(100)];
    const { dropped, records } = await buildOf({
      a: [
        { messages: turns.slice(0, 2) },
        { messages: turns },
        { prompt: question, response: answer.split(" ").slice(0, 30).join(" ") },
        { prompt: question, response: answer },
        { prompt: text(12), response: answer.split(" ").slice(0, 30).join(" ") },
      ],
    });
    expect(dropped.map(({ reason }) => reason)).toEqual(["prefix", "prefix"]);
    expect(records.map(({ messages }) => messages.length).sort((a, b) => a - b)).toEqual([2, 2, 6]);
  });
});

describe("personal data", () => {
  it("is in no file of the data set nor in what is kept for the next run", async () => {
    const secrets = ["jo.bell@mail.test", "212-555-7890", "Kowalczyk", "client-4711", "4111 1111 1111 1111"];
    const rows = Array.from({ length: 30 }, (_, index) => ({
      prompt: `My name is Anna Kowalczyk, row ${index}: write to jo.bell@mail.test or call 212-555-7890.`,
      response: `Dear Anna, thank you for number ${index}; I noted 4111 1111 1111 1111.`,
      client_id: "client-4711",
      therapist: "Anna Kowalczyk",
      nested: { mails: ["jo.bell@mail.test"] },
    }));
    const { folder } = await buildOf({ a: rows });
    let files = 0;
    for (const path of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
      const file = join(folder, path);
      if (!statSync(file).isFile() || path === "a.jsonl") continue;
      files++;
      const text = readFileSync(file, "utf8");
      for (const secret of secrets)
        expect({ path, has: text.includes(secret) }).toEqual({ path, has: false });
    }
    expect(files).toBeGreaterThan(8);
  });

  it("of one client has one stand-in in all of the client's conversations", async () => {
    const rows = ["c1", "c1", "c2"].map((client_id, index) => ({
      prompt: `My name is Anna, this is visit ${index} and it differs: ${sentence(generator(index + 1), 20).join(" ")}`,
      response: "Hello.",
      client_id,
    }));
    const { records } = await buildOf({ a: rows });
    const names = new Map(
      records.map(({ messages }) => {
        const [, name, visit] = /My name is (\w+), this is visit (\d)/.exec(messages[0]?.content ?? "") ?? [];
        return [visit, name];
      }),
    );
    expect(names.get("0")).toBe(names.get("1"));
    expect(names.get("2")).not.toBe(names.get("0"));
    expect(names.get("0")).not.toBe("Anna");
  });
});
