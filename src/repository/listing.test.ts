import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { compareListed, parseListing } from "./listing.ts";
import { openListing } from "./listing-tree.ts";
import { TemporaryRepository } from "./temporary-repository.test-support.ts";

const folder = new TemporaryRepository({ git: false });
afterAll(() => folder.remove());

const md5 = "d41d8cd98f00b204e9800998ecf8427e";
const sha256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

describe("listings, bad input", () => {
  it("refuses what is no listing, and says why", async () => {
    for (const content of ["", "hello", "[1, 2]", '{"files": []}', "[{", `${md5}  ok.txt\nnot a line`]) {
      expect(() => parseListing(content)).toThrow(expect.objectContaining({ code: "E_LISTING" }) as Error);
    }
    await expect(openListing("/nowhere/list.json")).rejects.toMatchObject({ code: "E_FILE_MISSING" });
  });

  it("leaves out paths that leave the listing, and says so", () => {
    const { files, warnings } = parseListing(
      `${md5}  ../up.txt\n${md5}  a/../../b\n${md5}  ./a//c.txt\n${md5}  /abs.txt\n`,
    );
    expect(files.map((file) => file.path)).toEqual(["a/c.txt", "abs.txt"]);
    expect(warnings.map((warning) => warning.path)).toEqual(["../up.txt", "a/../../b"]);
  });
});

describe("parseListing", () => {
  it("reads rclone's list, shortcuts and online documents included", () => {
    const items = [
      { Path: "a", Name: "a", Size: -1, IsDir: true },
      {
        Path: "a/x.bin",
        Size: 3,
        ModTime: "2024-01-01T00:00:00Z",
        IsDir: false,
        Hashes: { md5, SHA1: "?" },
        ID: "1",
      },
      { Path: "a/doc", Size: -1, MimeType: "application/vnd.google-apps.document", IsDir: false },
      { Path: "a/link", Size: 0, MimeType: "application/vnd.google-apps.shortcut", IsDir: false },
    ];
    const { files, warnings } = parseListing(JSON.stringify(items));
    expect(files).toEqual([
      { path: "a/x.bin", size: 3, hashes: { md5 }, modified: "2024-01-01T00:00:00Z", id: "1" },
      { path: "a/doc", size: null, hashes: {} },
    ]);
    expect(warnings.map((warning) => `${warning.code} ${warning.path}`)).toEqual([
      "listing-no-bytes a/doc",
      "listing-shortcut a/link",
    ]);
  });

  it("takes an S3 ETag for an MD5 only if it was uploaded in one part", () => {
    const { files, warnings } = parseListing(
      JSON.stringify({
        IsTruncated: true,
        Contents: [
          { Key: "one.bin", Size: 1, ETag: `"${md5}"` },
          { Key: "parts.bin", Size: 2, ETag: `"${md5}-2"` },
          { Key: "folder/", Size: 0, ETag: `"${md5}"` },
        ],
      }),
    );
    expect(files.map((file) => [file.path, file.hashes])).toEqual([
      ["one.bin", { md5 }],
      ["parts.bin", {}],
    ]);
    expect(warnings.map((warning) => warning.code)).toEqual(["listing-cut"]);
    expect(parseListing('{"KeyCount": 0}').files).toEqual([]);
  });

  it("reads checksum files of both styles, escaped names too", () => {
    const content = `# made by hand\r\n${sha256} *a b.bin\r\n${md5}  c.txt\r\nSHA256 (d (1).txt) = ${sha256.toUpperCase()}\r\n\\${md5}  new\\nline\\\\.txt\r\n`;
    expect(parseListing(content).files.map((file) => [file.path, file.hashes])).toEqual([
      ["a b.bin", { sha256 }],
      ["c.txt", { md5 }],
      ["d (1).txt", { sha256 }],
      ["new\nline\\.txt", { md5 }],
    ]);
  });
});

describe("openListing", () => {
  it("is a tree of remote files, of which a path twice counts once", async () => {
    const file = join(folder.root, "list.json");
    writeFileSync(
      file,
      JSON.stringify([
        { Path: "b/same", Size: 1, Hashes: { md5, sha256 } },
        { Path: "b/same", Size: 2, Hashes: { md5 } },
        { Path: "a", Size: 5 },
      ]),
    );
    const tree = await openListing(file);
    expect([...tree.index.files.values()]).toEqual([
      { path: "a", blob: "unhashed:a", size: 5, mode: "file", state: "remote" },
      { path: "b/same", blob: `sha256:${sha256}`, size: 1, mode: "file", state: "remote" },
    ]);
    expect([tree.files.length, tree.has("b"), tree.has("c")]).toEqual([3, true, false]);
    expect(tree.warnings.map((warning) => warning.code)).toEqual(["listing-twice"]);
    await expect(tree.read(tree.index.files.get("a")!)).rejects.toMatchObject({ code: "E_FILE_UNREADABLE" });
  });
});

describe("compareListed", () => {
  it("says identical only by a hash that both have", () => {
    const at = (path: string, size: number | null, hashes = {}) => ({ path, size, hashes });
    expect(compareListed(at("x", 1, { md5 }), at("y", 1, { md5 }))).toBe("identical");
    expect(compareListed(at("x", 1, { md5 }), at("x", 1, { md5: md5.replace("d", "0") }))).toBe("different");
    expect(
      compareListed(at("x", 1, { md5, sha256 }), at("x", 1, { md5, sha256: sha256.replace("e", "0") })),
    ).toBe("different");
    expect(compareListed(at("a/x", 1, { md5 }), at("b/x", 1, { sha256 }))).toBe("same-name-and-size");
    expect(compareListed(at("x", 1), at("x", 2))).toBe("different");
    expect(compareListed(at("x", null), at("x", null))).toBe("unknown");
    expect(compareListed(at("x", 1), at("y", 1))).toBe("unknown");
  });
});
