import { afterEach, describe, expect, it } from "vitest";
import { noCache, openWorkTree } from "../../repository/index.ts";
import { TemporaryRepository } from "../../repository/temporary-repository.test-support.ts";
import { sha256 } from "../../shared/index.ts";
import { mismatchedManifests } from "../findings/manifests.ts";
import { checkManifests } from "./check-manifests.ts";
import { readStatements } from "./read-manifest.ts";

let repository: TemporaryRepository | undefined;
afterEach(() => {
  repository?.remove();
  repository = undefined;
});

async function check(files: Record<string, string>): Promise<string[]> {
  repository = new TemporaryRepository();
  repository.commit("one", files);
  const { mismatches } = await checkManifests(await openWorkTree(repository.root), noCache(), () => false);
  return mismatches.map(({ manifest, line, target, what }) => `${manifest}:${line} ${target} ${what}`);
}

const right = (text: string): string => sha256(text);
const wrong = "0".repeat(64);

describe("manifests", () => {
  it("are compared with what is on disk: contents, sizes, names", async () => {
    expect(
      await check({
        "data/a.txt": "alpha",
        "data/b.txt": "beta",
        "data/SHA256SUMS": `${right("alpha")}  a.txt\n${wrong} *b.txt\n${wrong}  gone.txt\n`,
        "pack/manifest.json": JSON.stringify(
          {
            files: [
              { path: "data/a.txt", bytes: 5, sha256: right("alpha") },
              { path: "data/b.txt", bytes: 99 },
            ],
          },
          null,
          1,
        ),
      }),
    ).toEqual([
      "data/SHA256SUMS:2 data/b.txt digest",
      "data/SHA256SUMS:3 data/gone.txt absent",
      "pack/manifest.json:9 data/b.txt size",
    ]);
  });

  it("of files elsewhere, of pointers, of paths outside and broken ones say nothing", async () => {
    expect(
      await check({
        "checksums.txt": `${wrong}  far/one.bin\n${wrong}  far/two.bin\n`,
        "w/model.bin": "version https://git-lfs.github.com/spec/v1\noid sha256:x\nsize 9\n",
        "w/model.bin.sha256": `${wrong}  model.bin\n`,
        "x/md5sums": `${"0".repeat(32)}  ../w/model.bin\nnot a line\n`,
        "y/manifest.json": '{"files": [',
        "z/manifest.json": '{"icons": [{"src": "a.png", "sizes": "1x1"}], "size": 3}',
      }),
    ).toEqual([]);
  });

  it("make one finding each, without the file's contents", () => {
    const row = { manifest: "m/SHA256SUMS", line: 1, start: 66, end: 71, stated: wrong, found: right("x") };
    const [draft] = mismatchedManifests([
      { ...row, target: "m/a.txt", what: "digest" },
      { ...row, target: "m/b.txt", what: "absent" },
    ]);
    expect(draft).toMatchObject({
      rule: "manifest-mismatch",
      path: "m/SHA256SUMS",
      message: "`m/SHA256SUMS` states 2 files that are not as it says: 1 not here and 1 of other contents.",
    });
  });

  it("have spans that hold the path's very bytes", () => {
    const text = `${wrong}  a.txt\nSHA256 (b c.txt) = ${wrong}\n`;
    expect(readStatements("SHA256SUMS", text).map(({ start, end }) => text.slice(start, end))).toEqual([
      "a.txt",
      "b c.txt",
    ]);
  });
});
