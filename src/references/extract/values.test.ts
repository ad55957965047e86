import { describe, expect, it } from "vitest";
import type { Extraction } from "../schema.ts";
import { extractFile } from "./index.ts";

function read(name: string, text: string): Extraction {
  const found = extractFile(name, Buffer.from(text));
  if (found === undefined) throw new Error(`nothing reads ${name}`);
  return found.extraction;
}

const brief = (name: string, text: string): string[] =>
  read(name, text).mentions.map(
    ({ kind, strength, raw, path, key }) =>
      `${kind} ${strength} ${raw}${path === raw ? "" : ` = ${path}`}${key === undefined ? "" : ` @${key}`}`,
  );

describe("JSON", () => {
  it("gives the whole of a value", () => {
    expect(read("a.json", '{"train": {"config": "configs/a.yaml"}}')).toEqual({
      mentions: [
        {
          start: 22,
          end: 36,
          line: 1,
          raw: "configs/a.yaml",
          path: "configs/a.yaml",
          kind: "value",
          strength: "soft",
          bases: [{ kind: "file" }, { kind: "package" }, { kind: "root" }],
          key: "train.config",
          encoding: "json",
        },
      ],
      notes: [],
    });
  });

  it.each([
    [
      '{"a": "x/y.py", "n": 1.5, "t": "text/html", "v": "1/2", "w": "and/or"}',
      ["value soft x/y.py @a", "value weak and/or @w"],
    ],
    [
      '{"missing_files": ["d/a.json", "d/b.json"]}',
      ["value soft d/a.json @missing_files", "value soft d/b.json @missing_files"],
    ],
    ['{"model": "org/name-7b"}', ["value weak org/name-7b @model"]],
    ['{"data_dir": "data", "mode": "auto"}', ["value weak data @data_dir"]],
    [
      '{"uri": "s3://bucket/a.jsonl", "home": "https://example.org/x"}',
      ["url soft s3://bucket/a.jsonl @uri"],
    ],
    [
      '{"p": "a\\/b.py", "u": "\\u00e9/b.py"}',
      ["value soft a\\/b.py = a/b.py @p", "value soft \\u00e9/b.py = é/b.py @u"],
    ],
    ['{"data/a.json": 1, "b.py": {}, "plain": 2}', ["key soft data/a.json", "key soft b.py"]],
    ['{"cmd": "python tools/run.py --x 1"}', ["command soft tools/run.py"]],
    ['{"note": "see docs/a.md, or not"}', ["text weak docs/a.md @note"]],
    ["{'a': 'x/y.py', /* c */ b: \"z/w.py\", // c\n}", ["value soft x/y.py @a", "value soft z/w.py"]],
    ['{"a": NaN, "b": "x/y.py"', ["value soft x/y.py @b"]],
    [
      '{"auto_map": {"AutoModel": "modeling_x.XModel"}}',
      ["module hard modeling_x = modeling_x.py @auto_map.AutoModel"],
    ],
    ['{"_target_": "pkg.mod.Class"}', ["module soft pkg.mod.Class @_target_"]],
  ])("reads %s", (text, expected) => {
    expect(brief("a.json", text)).toEqual(expected);
  });

  it("tells a source beside its destination as copied, in lists of files alone", () => {
    const [source, destination] = read(
      "m.json",
      '{"files": [{"source": "old/a.py", "destination": "new/a.py"}]}',
    ).mentions;
    expect([source?.heading, destination?.heading]).toEqual(["copied from", undefined]);
    const [other] = read("m.json", '{"task": {"source": "a.py", "target": "b.py"}}').mentions;
    expect(other?.heading).toBeUndefined();
  });

  it("lists a command that is given word by word", () => {
    expect(read("a.json", '{"command": ["python", "train.py", "--x"]}').commands).toMatchObject([
      { words: ["python", "train.py", "--x"] },
    ]);
  });

  it("reads no lock file and says where a file is data", () => {
    expect(extractFile("package-lock.json", Buffer.from('{"a": "b/c.js"}'))).toBeUndefined();
    const data = `[${Array.from({ length: 21_000 }, (_, at) => `"images/${at}.jpg"`).join(",")}]`;
    expect(read("a.json", data).notes).toMatchObject([{ code: "data-file" }]);
  });
});

describe("YAML", () => {
  it.each([
    ["a: x/y.py # why\nb:\n  - c/d.md\n", ["value soft x/y.py @a", "value soft c/d.md @b"]],
    ["a:\n- x/y.py\n- name: n\n  script: z/w.py\n", ["value soft x/y.py @a", "value soft z/w.py @a.script"]],
    ["a: 'x/y.py'\nb: \"c\\/d.py\"\n", ["value soft x/y.py @a", "value soft c\\/d.py = c/d.py @b"]],
    [
      "a: [x/y.py, 'z/w.py']\nb: {c: d/e.md}\n",
      ["value soft x/y.py @a", "value soft z/w.py @a", "value soft d/e.md @b.c"],
    ],
    [
      "run: |\n  cd sub\n  python train.py\nafter: x/y.py\n",
      ["command soft sub @cd", "command soft train.py = sub/train.py", "value soft x/y.py @after"],
    ],
    ["text: >\n  see docs/a.md\n", ["text weak docs/a.md @text"]],
    ["data/a.json: 1\n", ["key soft data/a.json"]],
    [
      "defaults:\n  - _self_\n  - model: big\n  - base\n  - override hydra/launcher: x\n",
      ["include soft big = model/big.yaml @defaults", "include soft base = base.yaml @defaults"],
    ],
    ["a: !include parts/b.yaml\n", ["include hard parts/b.yaml @a"]],
    ["_base_: ../base.yaml\n", ["include hard ../base.yaml @_base_"]],
    ["{{- if .x }}\na: x/y.py\n{{- end }}\nb: {{ .path }}/z.py\n", ["value soft x/y.py @a"]],
    ["a: &x p/q.py\nb: *x\n", ["value soft p/q.py @a"]],
    ["image: org/app:1.0\nurl: http://x/y\ntype: text/plain\n", []],
  ])("reads %j", (text, expected) => {
    expect(brief("a.yaml", text)).toEqual(expected);
  });

  it("keeps the comment above and beside a value", () => {
    expect(read("a.yaml", "# Missing for now\na: x/y.py # written by z\n").mentions).toMatchObject([
      { heading: "Missing for now", remark: "# written by z" },
    ]);
  });
});

describe("TOML", () => {
  it.each([
    [
      'a = "x/y.py" # c\n[t]\nb = [\'c/d.md\', "e/f.py"]\n',
      ["value soft x/y.py @a", "value soft c/d.md @t.b", "value soft e/f.py @t.b"],
    ],
    [
      '[t.u]\n"x/y.py" = ["E1"]\nk = { path = "z/w.py" }\n',
      ["key soft x/y.py @t.u", "value soft z/w.py @t.u.k.path"],
    ],
    ['a = """\nsee x/y.md\n"""\nb = "c/d.py"\n', ["text weak x/y.md @a", "value soft c/d.py @b"]],
    ['a = "broken\nb = "c/d.py"\n', ["value soft c/d.py @b"]],
  ])("reads %j", (text, expected) => {
    expect(brief("a.toml", text)).toEqual(expected);
  });
});
