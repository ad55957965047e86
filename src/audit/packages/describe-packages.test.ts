import { describe, expect, it } from "vitest";
import { extractFile, type Extraction } from "../../references/index.ts";
import type { PlacedFile } from "../artifacts.ts";
import type { PackageReport } from "../report.ts";
import { describePackages } from "./describe-packages.ts";

const one = (name: string): PackageReport => ({
  name,
  path: name,
  signals: [],
  files: 0,
  bytes: 0,
  pinned: false,
});
const file = (path: string, role: PlacedFile["role"]): PlacedFile => ({
  path,
  package: path.split("/")[0] as string,
  role,
  blob: "b",
  bytes: 1,
});

function lead(text: string): string | undefined {
  const extraction = extractFile("README.md", Buffer.from(text))?.extraction as Extraction;
  return extraction.lead === undefined ? undefined : `${extraction.lead.line}: ${extraction.lead.text}`;
}

describe("a package's description", () => {
  it("lists what it holds by role and quotes its own README", () => {
    const readme = extractFile("a/README.md", Buffer.from("# A\n\nTrains the small model. Then more.\n"));
    const described = describePackages(
      [one("a"), one("b")],
      [
        file("a/z.py", "script"),
        file("a/b.py", "script"),
        file("a/c.yaml", "config"),
        file("b/x.py", "script"),
      ],
      new Map([["a/README.md", readme?.extraction as Extraction]]),
    );
    expect(described).toEqual([
      {
        ...one("a"),
        contents: [
          { role: "script", paths: ["a/b.py", "a/z.py"] },
          { role: "config", paths: ["a/c.yaml"] },
        ],
        purpose: { text: "Trains the small model.", path: "a/README.md", line: 3 },
      },
      { ...one("b"), contents: [{ role: "script", paths: ["b/x.py"] }] },
    ]);
  });
});

describe("the first sentence of a page", () => {
  it.each([
    [
      "---\ntitle: x\n---\n# T\n[![b](x.svg)](y)\n\nA *tool* for [many](m.md)\nthings. More here.\n",
      "7: A tool for many things.",
    ],
    ["Title\n=====\n<p align=center>x</p>\n- a list item of words\n\n> quoted words are here\n", undefined],
    ["```\nsome code in a fence\n```\n\nThen the words come\n", "5: Then the words come"],
  ])("of %j is %j", (text, wanted) => {
    expect(lead(text)).toBe(wanted);
  });
});
