// What a cache of labels or records in Redis would save: npx tsx bench/label-cache.ts BUILT_FOLDER [ROUNDS]
// Needs redis-server. Ways are interleaved, minimum of the rounds; CPU is this process's alone, the server's comes on top.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Redis } from "ioredis";
import { labelConversation, labellerVersion } from "../src/data/labels/label.ts";
import type { Message } from "../src/records/index.ts";
import { freePort, startRedis } from "../tests/data/killed-process.ts";

type Line = {
  id: string;
  messages: Message[];
  labels: unknown;
  extra: string;
  provenance: { shape: string };
};
const [folder, rounds = "7"] = process.argv.slice(2);
if (folder === undefined) throw new Error("name a built data set");
const batch = 500;
const files = readdirSync(join(folder, "train")).map((name) => join(folder, "train", name));
const linesOf = () => files.flatMap((path) => readFileSync(path, "utf8").trimEnd().split("\n"));
const lines = linesOf();
const records = lines.map((line) => JSON.parse(line) as Line);

const port = await freePort();
const server = await startRedis(port);
const redis = new Redis(port, "127.0.0.1");
const keyOf = (kind: string, id: string): string => `${kind}|${labellerVersion}|${id}`;
for (let at = 0; at < records.length; at += batch) {
  const part = records.slice(at, at + batch).flatMap((record, index) => {
    const line = lines[at + index] as string;
    return [keyOf("label", record.id), JSON.stringify(record.labels), keyOf("record", record.id), line];
  });
  await redis.mset(...part);
}

let sum = 0;
const read = (text: string | null): void => {
  if (text === null) throw new Error("not in the cache");
  sum += Object.keys(JSON.parse(text) as object).length;
};
const inBatches = async (kind: string): Promise<void> => {
  for (let at = 0; at < records.length; at += batch)
    for (const text of await redis.mget(records.slice(at, at + batch).map(({ id }) => keyOf(kind, id))))
      read(text);
};
const ways: Record<string, () => void | Promise<void>> = {
  "labels by rules": () => {
    for (const { messages, extra, provenance } of records)
      sum += labelConversation(messages, {
        shape: provenance.shape,
        extra: JSON.parse(extra) as Record<string, unknown>,
      }).evidence.length;
  },
  "labels by MGET": () => inBatches("label"),
  "labels by GET": async () => {
    for (const { id } of records) read(await redis.get(keyOf("label", id)));
  },
  "records from the folder": () => {
    for (const line of linesOf()) read(line);
  },
  "records by MGET": () => inBatches("record"),
};
const best = new Map<string, { wall: number; cpu: number }>();
for (let round = 0; round < Number(rounds); round++) {
  for (const [name, way] of Object.entries(ways)) {
    const [from, started] = [process.cpuUsage(), performance.now()];
    await way();
    const { user, system } = process.cpuUsage(from);
    const own = { wall: (performance.now() - started) * 1000, cpu: user + system };
    const known = best.get(name) ?? own;
    best.set(name, { wall: Math.min(known.wall, own.wall), cpu: Math.min(known.cpu, own.cpu) });
  }
}
redis.disconnect();
server.kill();
const each = (microseconds: number): number => Math.round((microseconds / records.length) * 10) / 10;
const table = Object.fromEntries(
  [...best].map(([name, { wall, cpu }]) => [name, { wall: each(wall), cpu: each(cpu) }]),
);
process.stdout.write(
  `${JSON.stringify({ records: records.length, meanBytes: Math.round(lines.join("").length / lines.length), unit: "µs a record", ...table, sum }, null, 2)}\n`,
);
