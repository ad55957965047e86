import { execFileSync } from "node:child_process";
import { lstat, mkdtemp, readdir, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalJson } from "./canonical-json.ts";
import { errorDocument, TrainingReadyError } from "./errors.ts";
import { gitBlobId } from "./hashing.ts";
import { readJsonLines, type JsonLine } from "./json-lines.ts";
import { createLog } from "./log.ts";
import { editDistance, nearestName } from "./nearest.ts";
import { drain, eventStamper } from "./progress-events.ts";
import { findSecrets, redactSecrets } from "./secret-filter.ts";
import { visibleText } from "./terminal-text.ts";
import { writeFileAtomic } from "./write-file.ts";

async function* pieces(text: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < text.length; at += size) yield text.subarray(at, at + size);
}

async function linesOf(text: string | Buffer, size = 7, maxLineBytes?: number): Promise<JsonLine[]> {
  const found: JsonLine[] = [];
  const options = maxLineBytes === undefined ? {} : { maxLineBytes };
  for await (const line of readJsonLines(pieces(Buffer.from(text), size), options)) found.push(line);
  return found;
}

describe("errors", () => {
  it("takes the hint of the catalogue unless given one", () => {
    expect(new TrainingReadyError("E_NO_GIT", "no git").hint).toMatch(/git init/);
    expect(new TrainingReadyError("E_NO_GIT", "no git", { hint: "Install it." }).hint).toBe("Install it.");
  });

  it("becomes a document of code, message and hint", () => {
    expect(errorDocument(new TrainingReadyError("E_INPUT", "x", { hint: "y" }))).toEqual({
      error: { code: "E_INPUT", message: "x", hint: "y" },
    });
  });
});

describe("nearest name", () => {
  it("counts a swap of neighbours as one edit", () => {
    expect(editDistance("jsno", "json")).toBe(1);
  });

  it("finds the flag that was meant and nothing for a stranger", () => {
    expect(nearestName("--jsn", ["--out", "--json"])).toBe("--json");
    expect(nearestName("--verbose", ["--out", "--json"])).toBeUndefined();
  });
});

describe("hashing", () => {
  it("gives git's id of a blob", () => {
    // git hash-object of "hello\n"
    expect(gitBlobId(Buffer.from("hello\n"))).toBe("ce013625030ba8dba906f756967f9e9ca394464a");
  });
});

describe("canonical JSON", () => {
  it("sorts keys by UTF-16 units and writes ECMAScript numbers (RFC 8785 section 3.2.3)", () => {
    expect(canonicalJson({ "\u20ac": 1, "\r": 2, "1": 3, "\ud83d\ude00": 4, "\u00f6": 5 })).toBe(
      '{"\\r":2,"1":3,"ö":5,"€":1,"😀":4}',
    );
    expect(canonicalJson([333333333.3333333, 1e30, 4.5, 2e-3, 0.000000000000000000000000001])).toBe(
      "[333333333.3333333,1e+30,4.5,0.002,1e-27]",
    );
  });

  it("refuses what JSON cannot hold", () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, 1n, "\ud800", () => 1]) {
      expect(() => canonicalJson(value)).toThrow(TypeError);
    }
  });

  it("is the same for any order of keys and parses back", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (record) => {
        const turned = Object.fromEntries(Object.entries(record).reverse());
        expect(canonicalJson(turned)).toBe(canonicalJson(record));
        expect(JSON.parse(canonicalJson(record))).toEqual(JSON.parse(JSON.stringify(record)));
      }),
    );
  });
});

describe("JSON Lines", () => {
  it("gives line, offset and length, and goes on after a broken line", async () => {
    expect(await linesOf('{"a":1}\n\n{"b"\n"é"\n3')).toEqual([
      { ok: true, value: { a: 1 }, line: 1, offset: 0, length: 7 },
      { ok: false, reason: "syntax", line: 3, offset: 9, length: 4 },
      { ok: true, value: "é", line: 4, offset: 14, length: 4 },
      { ok: true, value: 3, line: 5, offset: 19, length: 1 },
    ]);
  });

  it("skips a line that is too long without losing its neighbours", async () => {
    const found = await linesOf(`1\n"${"x".repeat(100)}"\n2\n`, 9, 50);
    expect(found.map((one) => (one.ok ? one.value : one.reason))).toEqual([1, "too-long", 2]);
    expect(found[2]?.offset).toBe(2 + 103);
  });

  it("does not depend on how the bytes are cut", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.jsonValue()), fc.integer({ min: 1, max: 40 }), async (values, size) => {
        const text = values.map((value) => `${JSON.stringify(value)}\n`).join("");
        const found = await linesOf(text, size);
        expect(found.map((one) => one.ok && JSON.stringify(one.value))).toEqual(
          values.map((value) => JSON.stringify(value)),
        );
      }),
    );
  });
});

// Made from parts, so that this file holds nothing that a scanner would call a secret.
const fakes = {
  "aws-access-key": ["AKIA", "ABCDEFGHIJKLMNOP"].join(""),
  "github-token": `ghp_${"a1B2".repeat(9)}`,
  "huggingface-token": `hf_${"a1B2".repeat(9)}`,
  "openai-key": `sk-proj-${"a1B2".repeat(9)}`,
  "slack-token": ["xoxb", "1234567890-abc"].join("-"),
  "private-key": ["-----BEGIN RSA", "PRIVATE KEY-----\nabc\n-----END RSA", "PRIVATE KEY-----"].join(" "),
};

describe("secret filter", () => {
  for (const [kind, secret] of Object.entries(fakes)) {
    it(`replaces a ${kind} by its kind`, () => {
      expect(redactSecrets(`before ${secret} after`)).toBe(`before [${kind}] after`);
    });
  }

  it("takes only the password out of a URL", () => {
    expect(redactSecrets("postgres://app:hunter2@db.example/x")).toBe(
      "postgres://app:[url-credentials]@db.example/x",
    );
  });

  it("leaves placeholders, hashes and plain URLs alone", () => {
    for (const text of [
      "https://user:${TOKEN}@host/",
      "https://host:8080/a@b",
      "sk-short",
      "e".repeat(40),
      "hf_model",
    ]) {
      expect(findSecrets(text)).toEqual([]);
    }
  });
});

describe("text for a terminal", () => {
  it("shows control and bidirectional characters as escapes", () => {
    expect(visibleText("a\u001b[31mb\u202ec\nd")).toBe("a\\u001b[31mb\\u202ec\\nd");
  });
});

describe("events", () => {
  it("are stamped without gaps, by the given clock", () => {
    const stamp = eventStamper({ run: "r", clock: () => new Date(0) });
    expect([stamp({ type: "a" }), stamp({ type: "b", n: 1 })]).toEqual([
      { v: 1, seq: 0, t: "1970-01-01T00:00:00.000Z", run: "r", attempt: 1, type: "a" },
      { v: 1, seq: 1, t: "1970-01-01T00:00:00.000Z", run: "r", attempt: 1, type: "b", n: 1 },
    ]);
  });

  it("are drained with the summary kept", async () => {
    async function* job(): AsyncGenerator<number, string> {
      yield 1;
      yield 2;
      return "done";
    }
    const seen: number[] = [];
    expect(await drain(job(), (event) => seen.push(event))).toBe("done");
    expect(seen).toEqual([1, 2]);
  });
});

describe("log", () => {
  it("writes one filtered line, cuts long fields, drops what is below its level", () => {
    const lines: string[] = [];
    const log = createLog({ write: (line) => lines.push(line), level: "warn", clock: () => new Date(0) });
    log.info("quiet");
    log.warn("loud", { key: fakes["huggingface-token"], text: "x".repeat(300) });
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] as string)).toEqual({
      t: "1970-01-01T00:00:00.000Z",
      level: "warn",
      message: "loud",
      key: "[huggingface-token]",
      text: `${"x".repeat(200)}…`,
    });
  });
});

describe("atomic write", () => {
  it("makes folders and leaves no temporary file", async () => {
    const folder = await mkdtemp(join(tmpdir(), "write-"));
    await writeFileAtomic(join(folder, "a/b.txt"), "text");
    expect(await readFile(join(folder, "a/b.txt"), "utf8")).toBe("text");
    expect(await readdir(join(folder, "a"))).toEqual(["b.txt"]);
  });

  it("says where it failed and keeps the old file", async () => {
    const folder = await mkdtemp(join(tmpdir(), "write-"));
    await writeFileAtomic(join(folder, "file"), "old");
    await expect(writeFileAtomic(join(folder, "file/below"), "new")).rejects.toMatchObject({
      code: "E_WRITE_FAILED",
    });
    expect(await readFile(join(folder, "file"), "utf8")).toBe("old");
  });

  it("writes into a pipe and leaves it one", async () => {
    const pipe = join(await mkdtemp(join(tmpdir(), "write-")), "pipe");
    execFileSync("sh", ["-c", 'mkfifo "$0"', pipe]);
    const [text] = await Promise.all([readFile(pipe, "utf8"), writeFileAtomic(pipe, "text")]);
    expect(text).toBe("text");
    expect((await lstat(pipe)).isFIFO()).toBe(true);
  });
});
