import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { emptyRepository, git, removeFolders, run } from "./sample-repository.ts";

afterAll(removeFolders);

const code: Record<string, string> = {
  "old/scripts/train.py": "x = 1\n",
  "old/scripts/eval.py": "x = 2\n",
  "old/models/moe.py": "x = 3\n",
  "old/README.md": "Old.\n",
  "keep/tool.py": "x = 4\n",
};
const moves =
  "old/scripts/train.py\thome/scripts/train.py\nold/scripts/eval.py\thome/checks/eval.py\nold/models\thome/models\n";

async function rewritten(pages: Record<string, string>) {
  const root = emptyRepository();
  for (const [path, text] of Object.entries({ ...code, ...pages })) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  git(root, "add", "-A");
  git(root, "commit", "-qm", "all");
  const [list, plan] = [join(root, "../moves.tsv"), join(root, "../plan.yaml")];
  writeFileSync(list, moves);
  const planned = await run(root, "plan", "--moves", list, "--out", plan);
  expect(planned).toMatchObject({ code: 0, document: { proven: true } });
  expect(await run(root, "apply", plan, "--yes")).toMatchObject({ code: 0 });
  expect(await run(root, "verify")).toMatchObject({ code: 0, document: { ok: true } });
  const after = Object.keys(pages).map((path) => readFileSync(join(root, path), "utf8"));
  return { after, reported: planned.document.reported };
}

const page = (tree: string): string => `# Layout\n\n\`\`\`text\n${tree}\n\`\`\`\n\nAfter it.\n`;

describe("a drawn tree whose files move", () => {
  it("is drawn anew below the lowest folder that holds them, remarks beside their names", async () => {
    const before = page(
      [
        "old/",
        "├── scripts/",
        "│   ├── train.py      # trains",
        "│   └── eval.py       # judges",
        "├── models/           # what is trained",
        "│   └── moe.py",
        "└── README.md",
      ].join("\n"),
    );
    const wanted = page(
      [
        "./",
        "├── home/",
        "│   ├── scripts/",
        "│   │   └── train.py  # trains",
        "│   ├── checks/",
        "│   │   └── eval.py   # judges",
        "│   └── models/       # what is trained",
        "│       └── moe.py",
        "└── old/",
        "    └── README.md",
      ].join("\n"),
    );
    const { after, reported } = await rewritten({ "LAYOUT.md": before });
    expect(after).toEqual([wanted]);
    expect(reported).toMatchObject([{ path: "LAYOUT.md", what: "tree-redrawn" }]);
  }, 60_000);

  it("keeps its own branches, line ends and folders without slash", async () => {
    const before = page("old/scripts\n|-- train.py\n`-- eval.py").replaceAll("\n", "\r\n");
    const wanted = page("home/\n|-- scripts\n|   `-- train.py\n`-- checks\n    `-- eval.py").replaceAll(
      "\n",
      "\r\n",
    );
    expect((await rewritten({ "LAYOUT.md": before })).after).toEqual([wanted]);
  }, 60_000);

  it("keeps its lines where its folder moves as it is, with another label", async () => {
    const tree = "\n└── moe.py      # any   spacing";
    const { after, reported } = await rewritten({
      "LAYOUT.md": page(`old/models/${tree}`),
      "old/GUIDE.md": page(`models/${tree}`),
    });
    expect(after).toEqual([page(`home/models/${tree}`), page(`home/models/${tree}`)]);
    expect(reported.map(({ path }) => path)).toEqual(["old/GUIDE.md"]);
  }, 60_000);

  it("is reported with the reason where it cannot be drawn", async () => {
    const before = page("old/\n├── scripts/\n│   ├── train.py, eval.py\n└── models/");
    const { reported } = await rewritten({ "LAYOUT.md": before });
    expect(reported).toContainEqual({
      path: "LAYOUT.md",
      line: 4,
      subject: "old/",
      what: "tree-kept",
      text: "a drawn tree keeps its shape: a line of it shows several names",
    });
  }, 60_000);
});
