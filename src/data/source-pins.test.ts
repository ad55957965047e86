import { describe, expect, it } from "vitest";
import { isPinGood, type SourcePin } from "./source-pins.ts";

const pin: SourcePin = {
  location: "/a.jsonl",
  version: "5-1",
  asked: "{}",
  found: { format: "jsonl", packing: null },
  at: 100_000,
  bytes: 5,
  sha256: "",
  secret: "",
  pieces: [],
};

describe("isPinGood", () => {
  it.each([
    ["a file as it was", { version: "5-1", changedAt: 90_000 }, true],
    ["another version", { version: "6-1", changedAt: 90_000 }, false],
    ["a file that changed about when it was read", { version: "5-1", changedAt: 99_000 }, false],
    ["a file whose entry changed since", { version: "5-1", changedAt: 200_000 }, false],
    ["a remote file with an ETag", { version: "5-1", etag: "x" }, true],
    ["a remote file without one", { version: "5-1" }, false],
  ])("%s", (_, now, expected) => {
    expect(isPinGood(pin, now)).toBe(expected);
  });
  it("does not believe a clock that was ahead", () => {
    expect(isPinGood(pin, { version: "5-1", changedAt: 90_000 }, 99_999)).toBe(false);
  });
  it("knows nothing of what was never read", () => {
    expect(isPinGood(undefined, { version: "5-1", etag: "x" })).toBe(false);
  });
});
