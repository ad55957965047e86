import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** What a program did to its files, in the order in which the calls ended. */
export type DiskEvent =
  | { kind: "create" | "remove" | "folder"; path: string }
  | { kind: "rename"; path: string; to: string }
  /** `at` is undefined where it goes on at the file's end. */
  | { kind: "write"; path: string; at: number | undefined; data: Buffer }
  | { kind: "truncate"; path: string; size: number }
  /** Covers what had ended before event `since` began. */
  | { kind: "sync"; path: string; since: number }
  /** The program said that it is on the disk. */
  | { kind: "stored"; session: string };

const calls =
  "openat,mkdir,mkdirat,write,writev,pwrite64,pwritev,pwritev2,ftruncate,truncate,fallocate,copy_file_range,fsync,fdatasync,sync_file_range,rename,renameat,renameat2,unlink,unlinkat,link,linkat";
/** Calls that the model of the disk does not know; one on the home's files ends the recording. */
const unknown = /^(writev|pwritev|pwritev2|truncate|fallocate|copy_file_range|sync_file_range|link|linkat)$/;

/** Whether this machine can record. */
export const canRecord: boolean = spawnSync("strace", ["-f", "true"]).status === 0;

const bytesOf = (text: string): Buffer => Buffer.from(text.replaceAll("\\x", ""), "hex");
const textOf = (text: string): string => bytesOf(text).toString("utf8");

function eventOf(name: string, words: string, home: string, since: number): DiskEvent | undefined {
  const strings = [...words.matchAll(/"((?:\\x[0-9a-f]{2})*)"/g)].map((one) => one[1] as string);
  const onFile = textOf(/^\d+<((?:\\x[0-9a-f]{2})+)>/.exec(words)?.[1] ?? "");
  if (name === "write" && words.startsWith("1<")) {
    const session = /^stored (\S+)\n$/.exec(textOf(strings[0] ?? ""))?.[1];
    return session === undefined ? undefined : { kind: "stored", session };
  }
  const path = onFile === "" ? textOf(strings[0] ?? "") : onFile;
  if (!path.startsWith(`${home}/`) && path !== home) return undefined;
  if (/-shm$| \(deleted\)$/.test(path)) return undefined; // memory, made anew after a crash
  if (unknown.test(name)) throw new Error(`the model knows no ${name}`);
  const numbers =
    words
      .replaceAll(/"[^"]*"/g, "")
      .match(/, -?\d+/g)
      ?.map((one) => Number(one.slice(2))) ?? [];
  switch (name) {
    case "openat":
      if (words.includes("O_TRUNC") && !words.includes("O_EXCL"))
        throw new Error("the model knows no O_TRUNC");
      return words.includes("O_CREAT") ? { kind: "create", path } : undefined;
    case "mkdir":
    case "mkdirat":
      return { kind: "folder", path };
    case "write":
    case "pwrite64":
      return {
        kind: "write",
        path,
        at: name === "write" ? undefined : numbers[1],
        data: bytesOf(strings[0] ?? ""),
      };
    case "ftruncate":
      return { kind: "truncate", path, size: numbers[0] as number };
    case "fsync":
    case "fdatasync":
      return { kind: "sync", path, since };
    case "unlink":
    case "unlinkat":
      return { kind: "remove", path };
    default:
      return { kind: "rename", path, to: textOf(strings[1] ?? "") };
  }
}

/** Reads the log of `strace -f -y -xx`; calls that failed changed nothing. */
function parseLog(log: string, home: string): DiskEvent[] {
  const events: DiskEvent[] = [];
  const begun = new Map<string, { words: string; since: number }>();
  for (const line of log.split("\n")) {
    const [, process = "", rest = ""] = /^(\d+) +(.*)$/.exec(line) ?? [];
    const whole = /^(\w+)\((.*)\) += (-?\d+|\?)/.exec(rest);
    const half = /^(\w+)\((.*) <unfinished \.\.\.>$/.exec(rest);
    const end = /^<\.\.\. (\w+) resumed>(.*)\) += (-?\d+|\?)/.exec(rest);
    if (half !== null) begun.set(process, { words: half[2] as string, since: events.length });
    const found = end ?? whole;
    if (found === null || Number(found[3]) < 0 || found[3] === "?") continue;
    const start = end === null ? undefined : begun.get(process);
    const words = `${start?.words ?? ""}${found[2]}`;
    const event = eventOf(found[1] as string, words, home, start?.since ?? events.length);
    if (event !== undefined) events.push(event);
  }
  return events;
}

/** Runs a program of this repository under strace and gives what it did below `home`. */
export function recordWrites(home: string, log: string, program: readonly string[]): DiskEvent[] {
  const words = [
    "-f",
    "--seccomp-bpf",
    "-y",
    "-xx",
    "-s",
    "1000000",
    "-e",
    `trace=${calls}`,
    "-e",
    "signal=none",
  ];
  const done = spawnSync("strace", [...words, "-o", log, process.execPath, ...program], {
    encoding: "utf8",
    env: { ...process.env, UV_USE_IO_URING: "0" },
  });
  if (done.status !== 0) throw new Error(`the recording failed: ${done.stderr}`);
  return parseLog(readFileSync(log, "latin1"), home);
}
