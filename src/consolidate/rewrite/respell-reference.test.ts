import { describe, expect, it } from "vitest";
import type { Mention, Reference } from "../../references/index.ts";
import { TreeIndex, type FileEntry } from "../../repository/index.ts";
import { createPlacement } from "./placement.ts";
import { respell } from "./respell-reference.ts";

const entry = (path: string): FileEntry => ({ path, blob: path, size: 1, mode: "file", state: "tracked" });
const files = [
  "README.md",
  "old/docs/guide.md",
  "old/configs/moe.json",
  "old/scripts/train.py",
  "old/scripts/run.sh",
  "old/my notes/a b.md",
  "keep/tool.py",
];
const moved = new Map([
  ["old/docs/guide.md", "home/docs/guide.md"],
  ["old/configs/moe.json", "home/configs/moe.json"],
  ["old/scripts/train.py", "home/scripts/train.py"],
  ["old/scripts/run.sh", "home/platforms/run.sh"],
  ["old/my notes/a b.md", "home/docs/my notes/a b.md"],
]);

function respelled(
  from: string,
  raw: string,
  target: string,
  base: string,
  more: Partial<Reference> & {
    prefix?: string;
    keep?: number;
    path?: string;
    moves?: Map<string, string>;
    bases?: Mention["bases"];
  } = {},
) {
  const index = new TreeIndex(files.map(entry));
  const placement = createPlacement({
    index,
    moved: more.moves ?? moved,
    replaced: new Map(),
    archived: new Map(),
    deleted: new Set(),
  });
  const reference: Reference = {
    path: from,
    line: 1,
    start: 0,
    end: raw.length,
    kind: more.kind ?? "link",
    raw,
    class: "resolves",
    target,
    base,
    confidence: "certain",
    evidence: [],
  };
  const mention = {
    start: 0,
    end: raw.length,
    line: 1,
    raw,
    path: more.path ?? raw,
    kind: "link" as const,
    strength: "hard" as const,
    bases: more.bases ?? [],
    ...(more.prefix === undefined ? {} : { prefix: more.prefix }),
    ...(more.keep === undefined ? {} : { keep: more.keep }),
  };
  const result = respell(reference, mention, { index, placement, packageOf: () => "old" });
  return result.kind === "edit" ? result.text : result.kind;
}

describe("a reference's new text", () => {
  const table: [string, Parameters<typeof respelled>, string][] = [
    [
      "a link between files that both move",
      ["old/docs/guide.md", "../configs/moe.json", "old/configs/moe.json", "file"],
      "same",
    ],
    [
      "a link into what moved",
      ["README.md", "old/docs/guide.md", "old/docs/guide.md", "file"],
      "home/docs/guide.md",
    ],
    ["a link out of what moved", ["old/docs/guide.md", "../../README.md", "README.md", "file"], "same"],
    [
      "a link to a sibling that went elsewhere",
      ["old/scripts/run.sh", "train.py", "old/scripts/train.py", "file"],
      "../scripts/train.py",
    ],
    [
      "a dot and slash before it",
      ["old/scripts/run.sh", "./train.py", "old/scripts/train.py", "file"],
      "../scripts/train.py",
    ],
    ["a slash behind it", ["README.md", "old/docs/", "old/docs", "root"], "home/docs/"],
    [
      "backslashes",
      ["README.md", "old\\docs\\guide.md", "old/docs/guide.md", "root"],
      "home\\docs\\guide.md",
    ],
    [
      "percent signs",
      ["README.md", "old/my%20notes/a%20b.md", "old/my notes/a b.md", "file"],
      "home/docs/my%20notes/a%20b.md",
    ],
    [
      "a path from a folder that dissolves",
      ["README.md", "scripts/train.py", "old/scripts/train.py", "cwd:old"],
      "same",
    ],
    [
      "a kept variable",
      [
        "keep/tool.py",
        "$ROOT/old/configs/moe.json",
        "old/configs/moe.json",
        "root",
        { keep: 6, path: "old/configs/moe.json" },
      ],
      "$ROOT/home/configs/moe.json",
    ],
    ["a pattern", ["README.md", "old/scripts/*.py", "old/scripts/*.py", "root"], "home/*.py"],
    [
      "a suffix that the format adds",
      ["README.md", "old/docs/guide", "old/docs/guide.md", "root", { path: "old/docs/guide.md" }],
      "home/docs/guide",
    ],
    ["a path of an image", ["README.md", "/app/x.py", "old/scripts/train.py", "image:Dockerfile"], "same"],
    [
      "a path put together from parts",
      ["old/scripts/train.py", "moe", "old/configs/moe.json", "package", { path: "configs/moe.json" }],
      "impossible",
    ],
    [
      "an address of the repository",
      [
        "README.md",
        "https://github.com/us/it/blob/main/old/docs/guide.md",
        "old/docs/guide.md",
        "root",
        { kind: "url" },
      ],
      "https://github.com/us/it/blob/main/home/docs/guide.md",
    ],
    [
      "a link from the root",
      ["README.md", "/old/docs/guide.md", "old/docs/guide.md", "root"],
      "/home/docs/guide.md",
    ],
    [
      "a link's text that spells the end of its destination",
      [
        "README.md",
        "docs/guide.md",
        "old/docs/guide.md",
        "file",
        { kind: "inline-code", path: "./old/docs/guide.md" },
      ],
      "same",
    ],
    [
      "a link's text that spells its destination",
      [
        "README.md",
        "old/docs/guide.md",
        "old/docs/guide.md",
        "file",
        { kind: "inline-code", path: "./old/docs/guide.md" },
      ],
      "home/docs/guide.md",
    ],
    [
      "a link's text that spells all but the way up",
      [
        "old/docs/guide.md",
        "keep/tool.py",
        "keep/tool.py",
        "file",
        {
          kind: "inline-code",
          path: "../../keep/tool.py",
          moves: new Map([["old/docs/guide.md", "a/b/c/guide.md"]]),
        },
      ],
      "same",
    ],
    [
      "a path from a folder above that both ends leave together, though others stay",
      [
        "old/scripts/run.sh",
        "configs/moe.json",
        "old/configs/moe.json",
        "cwd:old",
        {
          kind: "argument",
          bases: [{ kind: "above" }],
          moves: new Map([
            ["old/scripts/run.sh", "home/old/scripts/run.sh"],
            ["old/configs/moe.json", "home/old/configs/moe.json"],
          ]),
        },
      ],
      "same",
    ],
    [
      "a module named with dots",
      ["README.md", "scripts.train", "old/scripts/train.py", "search:old", { kind: "module" }],
      "same",
    ],
    [
      "a module found from the root",
      ["README.md", "old.scripts.train", "old/scripts/train.py", "root", { kind: "module" }],
      "home.scripts.train",
    ],
  ];
  for (const [what, call, wanted] of table) it(`for ${what}`, () => expect(respelled(...call)).toBe(wanted));

  it("never changes where nothing moves, however odd the spelling", () => {
    const nothing = { moves: new Map<string, string>() };
    expect(
      respelled("keep/tool.py", "../../..", "old", "file", {
        ...nothing,
        path: "../old",
        prefix: "old/docs",
      }),
    ).toBe("same");
    expect(respelled("README.md", "./old//docs/../docs/guide.md", "old/docs/guide.md", "file", nothing)).toBe(
      "same",
    );
  });

  it("never goes up through a folder that is no more", () => {
    const moves = new Map([
      ["old/scripts/train.py", "home/scripts/train.py"],
      ["old/configs/moe.json", "home/settings/moe.json"],
    ]);
    // join(dirname(__file__), "..", "configs", "moe.json"): only the last part can be written anew.
    const call = {
      moves,
      kind: "string",
      path: "../configs/moe.json",
      prefix: "../configs",
      keep: 0,
    } as const;
    const said = respelled("old/scripts/train.py", "moe.json", "old/configs/moe.json", "file", call);
    expect(said).toBe("impossible");
  });

  it("encodes round brackets of a link, which would end it for some readers", () => {
    const moves = new Map([["old/my notes/a b.md", "home/a (b).md"]]);
    expect(respelled("README.md", "old/my%20notes/a%20b.md", "old/my notes/a b.md", "file", { moves })).toBe(
      "home/a%20%28b%29.md",
    );
  });
});
