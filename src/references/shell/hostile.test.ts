import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lineCounter } from "../byte-text.ts";
import { scanShell } from "./index.ts";

const scan = (text: string, prompts = false) => scanShell(text, { lineOf: lineCounter(text), prompts });

describe("scanShell on any text", () => {
  it("spans hold exactly what they say, in UTF-8, CRLF and broken scripts", () => {
    const piece = fc.constantFrom(
      ..."python|bash -c|source|cd|.|./é.sh|a/b.py|--x=c/d.json|--x|e.yaml|$X|${X:-f/g.py}|$(dirname $0)/h.sh|X=i/j.py|\"|'|`|$(|)|(|{|}|<<EOF|EOF|>|<|&&|#|\\|if|then|fi|for x in|do|done|case x in|esac|;;|export PYTHONPATH=k:l|git clone https://h.example/o/r|[ -f|]|docker build|-f|conda run|ü|\r".split(
        "|",
      ),
    );
    const blank = fc.constantFrom(" ", " ", " ", "\n", "");
    let seen = 0;
    fc.assert(
      fc.property(fc.array(fc.tuple(piece, blank), { maxLength: 60 }), fc.boolean(), (pieces, prompts) => {
        const bytes = Buffer.from(pieces.flat().join(""), "utf8");
        for (const { start, end, raw, line, keep = 0 } of scan(bytes.toString("latin1"), prompts).mentions) {
          seen += 1;
          expect(bytes.subarray(start, end).toString("utf8")).toBe(raw);
          expect(keep).toBeLessThanOrEqual(end - start);
          expect(line).toBeGreaterThan(0);
        }
      }),
      { numRuns: 2000, seed: 1 },
    );
    expect(seen).toBeGreaterThan(1000);
  });

  it.each<[string, string]>([
    ["unclosed substitutions", "$(".repeat(20_000)],
    ["nested substitutions", "$(a ".repeat(5000) + ")".repeat(5000)],
    ["quotes and substitutions by turns", '"$('.repeat(20_000)],
    ["unclosed quotes", `${'"'.repeat(20_001)}\n${"'".repeat(20_001)}`],
    ["unclosed here-documents", "cat <<E\n".repeat(20_000)],
    ["nested here-documents", "bash <<E\n".repeat(2000) + "E\n".repeat(2000)],
    ["a search path without end", `PYTHONPATH=${"a:".repeat(150_000)}`],
    ["unclosed blocks", "for x in a; do if b; then ".repeat(5000)],
    ["binary noise", String.fromCharCode(...Array.from({ length: 5000 }, (_, at) => (at * 7919) % 256))],
    ["our own markers", "python \u0001F/x.py \u0002/y.py\n"],
  ])("survives %s", (_, text) => {
    expect(() => scan(text)).not.toThrow();
  });

  it("does not take the text's control characters for its own marks", () => {
    expect(scan("python \u0001F/x.py\n").mentions.map(({ path }) => path)).toEqual(["?F/x.py"]);
  });

  it("reads only prompted lines where documents show prompts", () => {
    const text = "$ cd sub\n$ python a.py \\\n    --config b.yaml\nwrote c/d.json\n(env) $ bash e.sh\n";
    expect(scan(text, true).mentions.map(({ raw, path }) => `${raw} -> ${path}`)).toEqual([
      "sub -> sub",
      "a.py -> sub/a.py",
      "b.yaml -> sub/b.yaml",
      "e.sh -> sub/e.sh",
    ]);
  });
});

describe("what a script makes", () => {
  it("is a file in a folder that is there, or the target itself", () => {
    expect(scan("ln -s ../x/a.py local/\ncp b.py c/d.py\nmkdir -p out/y\n").writes).toEqual([
      "local/a.py",
      "c/d.py",
      "out/y",
    ]);
  });
});

describe("commands", () => {
  it("are listed with their folder and environment", () => {
    const text = `export PYTHONPATH=src OTHER=1
cd sub
CUDA_VISIBLE_DEVICES=0 python train.py --x "a b"
bash "$(dirname "$0")/x.sh"
cd $UNKNOWN
./y.sh
git clone https://h.example/o/r && cd r && python z.py
echo no; ls; cat x
`;
    expect(
      scan(text).commands.map(({ words, cwd, cwdBase, clone, environment }) => ({
        words,
        cwd,
        cwdBase,
        clone,
        environment,
      })),
    ).toEqual([
      {
        words: ["python", "train.py", "--x", "a b"],
        cwd: "sub",
        cwdBase: "file",
        clone: undefined,
        environment: { PYTHONPATH: "src", CUDA_VISIBLE_DEVICES: "0" },
      },
      {
        words: ["bash", "{file}/x.sh"],
        cwd: "sub",
        cwdBase: "file",
        clone: undefined,
        environment: { PYTHONPATH: "src" },
      },
      {
        words: ["./y.sh"],
        cwd: "{…}",
        cwdBase: "root",
        clone: undefined,
        environment: { PYTHONPATH: "src" },
      },
      {
        words: ["git", "clone", "https://h.example/o/r"],
        cwd: "{…}",
        cwdBase: "root",
        clone: undefined,
        environment: { PYTHONPATH: "src" },
      },
      {
        words: ["python", "z.py"],
        cwd: "{…}",
        cwdBase: "root",
        clone: undefined,
        environment: { PYTHONPATH: "src" },
      },
    ]);
  });
});
