import { describe, expect, it } from "vitest";
import { scanPython } from "./scan.ts";

/** `strength use raw -> path (bases) …` of every mention. */
function mentionsOf(text: string): string[] {
  const bytes = Buffer.from(text, "utf8");
  return scanPython(bytes.toString("latin1")).mentions.map((one) => {
    expect(bytes.subarray(one.start, one.end).toString("utf8")).toBe(one.raw);
    const words = [one.strength, one.use, one.kind === "string" ? "" : one.kind, one.raw];
    if (one.path !== one.raw) words.push(`-> ${one.path}`);
    if (one.bases.length === 1) words.push(`(${one.bases[0]?.kind})`);
    if (one.key !== undefined) words.push(`key=${one.key}`);
    if (one.keep !== undefined) words.push(`keep=${one.keep}`);
    if (one.prefix !== undefined) words.push(`prefix=${one.prefix}`);
    if (one.glob === true) words.push("glob");
    if (one.heading !== undefined) words.push(`[${one.heading}]`);
    return words.filter((word) => word !== undefined && word !== "").join(" ");
  });
}

const here =
  "import os\nfrom pathlib import Path\nHERE = Path(__file__).resolve().parent\nROOT = HERE.parent\n";

describe("path strings", () => {
  it.each([
    ["what is opened", "with open('a/b.txt') as f: pass\n", ["hard read a/b.txt key=open"]],
    [
      "what is written",
      "open('out/x.json', mode='w')\ndf.to_csv('t.csv')\n",
      ["soft write out/x.json key=open", "soft write t.csv key=to_csv"],
    ],
    [
      "loaders",
      "pd.read_csv('d/x.csv')\nnp.load('w.npy')\ntorch.load(f'm.pt')\nyaml.safe_load(open('c.yml'))\n",
      [
        "hard read d/x.csv key=read_csv",
        "hard read w.npy key=load",
        "hard read m.pt key=load",
        "hard read c.yml key=open",
      ],
    ],
    [
      "path methods",
      "Path('a/b.md').read_text()\nPath('a').mkdir()\n",
      ["hard read a/b.md key=read_text", "soft write a key=mkdir"],
    ],
    [
      "joined folders",
      "open(os.path.join('a', 'b', 'c.txt'))\n",
      ["hard read c.txt -> a/b/c.txt key=open prefix=a/b"],
    ],
    [
      "the slash operator",
      "open(Path('a') / 'b' / 'c.txt')\n",
      ["hard read c.txt -> a/b/c.txt key=open prefix=a/b"],
    ],
    [
      "this file's folder",
      `${here}open(ROOT / 'configs' / 'a.json')\n`,
      ["hard read a.json -> ../configs/a.json (file) key=open prefix=../configs"],
    ],
    [
      "dirname and abspath",
      "p = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'data.txt')\nopen(p)\n",
      ["hard read data.txt -> ../data.txt (file) key=p prefix=.."],
    ],
    [
      "parents by number",
      "open(Path(__file__).parents[2] / 'x.ini')\n",
      ["hard read x.ini -> ../../x.ini (file) key=open prefix=../.."],
    ],
    [
      "f-strings with known and unknown holes",
      `${here}open(f"{ROOT}/a.json")\nopen(f'{x}/b.json')\n`,
      [
        "hard read {ROOT}/a.json -> ../a.json (file) key=open keep=7 prefix=..",
        "hard read {x}/b.json -> {…}/b.json key=open",
      ],
    ],
    [
      "constants put together",
      "BASE = 'data'\nFILE = BASE + '/x.csv'\nopen(FILE)\n",
      ["hard read /x.csv -> data/x.csv key=FILE prefix=data"],
    ],
    [
      "formats",
      "open('a/%s.json' % x)\nopen('b/{}.json'.format(x))\n",
      ["hard read a/%s.json -> a/{…}.json key=open", "hard read b/{}.json -> b/{…}.json key=open"],
    ],
    [
      "defaults of options",
      "p.add_argument('--config', default='conf/a.yaml', help='as in docs/x.md')\n",
      ["soft conf/a.yaml key=config", "soft text docs/x.md"],
    ],
    ["defaults of parameters", "def f(path='conf/a.yaml', n=1): open(path)\n", ["soft conf/a.yaml key=path"]],
    [
      "values of tables",
      "c = {'model_path': 'm/last.ckpt', 'kind': 'text/plain'}\n",
      ["soft m/last.ckpt key=model_path"],
    ],
    [
      "attributes of self",
      "class A:\n  p = 'a/b.bin'\n  def f(self): open(self.p)\n",
      ["hard read a/b.bin key=p"],
    ],
    [
      "data files",
      "load_dataset('json', data_files={'train': 'd/x.jsonl'})\n",
      ["hard read d/x.jsonl key=data_files"],
    ],
    [
      "local and hub models",
      "M.from_pretrained('./m')\nM.from_pretrained('org/name')\n",
      ["soft read ./m key=from_pretrained", "weak read org/name key=from_pretrained"],
    ],
    [
      "globs",
      "for p in Path('data').glob('*.jsonl'): pass\nglob.glob('a/*.py')\n",
      ["soft read *.jsonl -> data/*.jsonl key=glob prefix=data glob", "soft read a/*.py key=glob glob"],
    ],
    [
      "hydra's configuration",
      "@hydra.main(config_path='../conf', config_name='train')\ndef f(c): pass\n",
      [
        "hard read ../conf (file) key=config_path",
        "hard read train -> ../conf/train.yaml (file) key=config_name prefix=../conf",
      ],
    ],
    [
      "messages, docstrings, comments",
      "'''See docs/a.md.'''\nprint('run b.py first')\n# copied from old/c.py\n",
      ["weak text docs/a.md", "soft text b.py", "weak text old/c.py [copied from]"],
    ],
    [
      "commands",
      "os.system('python tools/x.py --in d/y.txt')\nsubprocess.run([sys.executable, 'z.py'])\n",
      ["hard run command tools/x.py", "soft argument d/y.txt", "hard run command z.py"],
    ],
    [
      "dotted strings",
      "mock.patch('a.b.c')\nimportlib.import_module('x.y')\n",
      ["weak import module a.b.c", "weak import module x.y"],
    ],
    [
      "Windows separators and escapes",
      "open('a\\\\b.txt')\nopen(r'c\\d.txt')\n",
      ["hard read a\\\\b.txt -> a/b.txt key=open", "hard read c\\d.txt -> c/d.txt key=open"],
    ],
    ["names that are not ASCII", "open('données/é.txt')\n", ["hard read données/é.txt key=open"]],
    [
      "what is no path",
      "x = 'a.b'\ny = 'n/a'\nz = '1/2'\nre.compile(r'\\d+/\\w+')\n'%Y/%m/%d'\nu = 'https://x.org/a.py'\n",
      [],
    ],
    [
      "names that were bound anew",
      "p = 'a.txt'\np = f()\nopen(p)\n",
      ["soft a.txt key=p"].map((one) => one.replace("soft", "weak")),
    ],
  ])("reads %s", (_, text, expected) => {
    expect(mentionsOf(text)).toEqual(expected);
  });

  it("gives commands as words, with their environment and folder", () => {
    const { commands } = scanPython(
      "os.system('cd tools && PYTHONPATH=. python \"x y.py\" -n 1')\nsubprocess.run([sys.executable, '-m', 'pkg.tool', arg])\n",
    );
    expect(commands.map(({ words, cwd, environment, line }) => ({ words, cwd, environment, line }))).toEqual([
      { words: ["python", "x y.py", "-n", "1"], cwd: "tools", environment: { PYTHONPATH: "." }, line: 1 },
      { words: ["python", "-m", "pkg.tool", "{…}"], cwd: undefined, environment: {}, line: 2 },
    ]);
  });

  it("evaluates edits of the search path", () => {
    const text = `${here}import sys\nsys.path.insert(0, str(ROOT / 'src'))\ndef f():\n  sys.path.append('lib')\nsys.path.append(x)\nsys.path.append('/opt/x')\n`;
    expect(scanPython(text).searchPaths).toEqual([
      { path: "../src", line: 6, base: "file", position: "first", lazy: false },
      { path: "lib", line: 8, base: "cwd", position: "last", lazy: true },
      { path: null, line: 9, base: "cwd", position: "last", lazy: false },
    ]);
  });

  it("evaluates assignments to the search path", () => {
    const text =
      "import sys\nsys.path += [os.path.dirname(__file__)]\nsys.path = ['a', 'b'] + sys.path\nsys.path[0:0] = ['c']\n";
    expect(
      scanPython(text).searchPaths.map(({ path, base, position, line }) => [path, base, position, line]),
    ).toEqual([
      ["", "file", "last", 2],
      ["a", "cwd", "first", 3],
      ["b", "cwd", "first", 3],
      ["c", "cwd", "first", 4],
    ]);
  });

  it("survives deep nesting and long lines in linear time", () => {
    const deep = `x = ${"(".repeat(50_000)}'a/b.txt'${")".repeat(50_000)}\n`;
    const long = `y = ["a/b.txt", ${"'x', ".repeat(100_000)}]\nopen('c.txt')\n`;
    expect(scanPython(deep + long).mentions.at(-1)?.raw).toBe("c.txt");
  });
});
