import { describe, expect, it } from "vitest";
import type { PlacedFile } from "./artifacts.ts";
import { proposedPlaces } from "./home-proposal.ts";

const pack = (name: string, path: string) => ({ name, path, signals: [], files: 1, bytes: 1, pinned: false });
const file = (path: string, owner: string, role: PlacedFile["role"], blob: string): PlacedFile => ({
  path,
  package: owner,
  role,
  blob,
  bytes: 1,
});

describe("proposedPlaces", () => {
  it("puts files by role, and apart where two differ", () => {
    const packages = [pack("one", "ai/one"), pack("two", "ai/two")];
    const files = [
      file("ai/one/deep/train.py", "one", "script", "a"),
      file("ai/two/train.py", "two", "script", "b"),
      file("ai/one/logger.py", "one", "utility", "c"),
      file("ai/two/x/logger.py", "two", "utility", "c"),
      file("ai/two/job/run.sh", "two", "platform", "d"),
    ];
    expect([...proposedPlaces(files, packages).values()]).toEqual([
      "scripts/one/deep/train.py",
      "scripts/two/train.py",
      "utils/logger.py",
      "utils/logger.py",
      "platforms/two/job/run.sh",
    ]);
  });

  it("tells packages of one name apart, also where only letter case differs", () => {
    const packages = [pack("kit", "a/kit"), pack("kit", "b/kit")];
    const files = [file("a/kit/Run.py", "kit", "script", "a"), file("b/kit/run.py", "kit", "script", "b")];
    expect([...proposedPlaces(files, packages).values()]).toEqual([
      "scripts/a/kit/Run.py",
      "scripts/b/kit/run.py",
    ]);
  });
});
