import { describe, expect, it } from "vitest";
import { headingAnchor, readAnchors } from "./extract/markdown-anchors.ts";
import { extractFile } from "./index.ts";
import { missingAnchors } from "./missing-anchors.ts";
import { resolve } from "./resolve-references.test-support.ts";
import { TreeIndex } from "../repository/index.ts";
import type { Extraction } from "./schema.ts";

function missing(files: Record<string, string>): string[] {
  const extractions = new Map<string, Extraction>();
  for (const [path, text] of Object.entries(files)) {
    const found = extractFile(path, Buffer.from(text));
    if (found !== undefined) extractions.set(path, found.extraction);
  }
  const index = new TreeIndex(
    Object.keys(files).map((path) => ({ path, blob: path, size: 1, mode: "file", state: "tracked" })),
  );
  return missingAnchors(extractions, resolve({ files }).references, index).map((one) => {
    const bytes = Buffer.from(files[one.path] as string).subarray(one.start, one.end);
    return `${one.path}:${one.line} ${bytes.toString()} ${one.target}${one.near === undefined ? "" : ` ~${one.near}`}`;
  });
}

describe("a heading's anchor", () => {
  it.each([
    ["Plain Words", "plain-words"],
    ["A  b", "a--b"],
    ["What's new? (v1.2)", "whats-new-v12"],
    ["`npm start` & [links](x.md)", "npm-start--links"],
    ["**Bold** and _slanted_ snake_case", "bold-and-slanted-snake_case"],
    ["数据集&模型下载", "数据集模型下载"],
    ['<a name="x"></a>Tagged', "tagged"],
    ["Größe – Maß", "größe--maß"],
  ])("of %j is %j", (text, anchor) => {
    expect(headingAnchor(text)).toBe(anchor);
  });

  it("is numbered when it comes again; fences give none, ids and underlined headings do", () => {
    const text =
      "# A\n## A\nTitle\n=====\n```\n# no\n```\n<a id='Own'></a>\n### B {#named}\n1. ## In a list\n> ## Quoted\n";
    expect(readAnchors(text).anchors).toEqual([
      "a",
      "a-1",
      "title",
      "own",
      "named",
      "b",
      "in-a-list",
      "quoted",
    ]);
  });
});

describe("a link to a heading", () => {
  it("is missing if the page has no such heading or id, in the page itself too", () => {
    expect(
      missing({
        "README.md":
          "# Größe\n[ok](#größe) [ok](#Gr%C3%B6%C3%9Fe) [no](#groesse) [a](docs/a.md#install) [b](docs/a.md#instal-it)\n`[c](#code)`\n[d]: docs/a.md#gone\n",
        "docs/a.md": "# Install\n## Install it\n",
      }),
    ).toEqual([
      "README.md:2 #groesse README.md",
      "README.md:2 docs/a.md#instal-it docs/a.md ~install-it",
      "README.md:4 docs/a.md#gone docs/a.md",
    ]);
  });

  it("is not judged in code, in pages of a site, of templates and without headings, nor for what a host adds", () => {
    expect(
      missing({
        "README.md":
          "# A\n[x](src/a.py#L10) [y](#L3) [z](t.md#gone) [w](empty.md#gone) [v](#user-content-a)\n",
        "src/a.py": "x = 1\n",
        "t.md": "# T\n{% include x %}\n",
        "empty.md": "words\n",
        "mkdocs.yml": "site_name: x\n",
        "docs/index.md": "# I\n[x](#gone)\n",
      }),
    ).toEqual([]);
  });
});
