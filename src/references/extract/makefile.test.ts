import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { asShell } from "../makefile/expand.ts";
import type { Mention } from "../schema.ts";
import { makefile } from "./makefile.ts";

function shown({ raw, path, bases, kind, strength, key }: Mention): string {
  const base = bases.map((one) => one.kind).join(",");
  return `${raw} -> ${path} @${base === "file,root,above" ? "make" : base} | ${kind} ${strength}${key === undefined ? "" : ` ${key}`}`;
}

const extract = (text: string) => makefile.extract(text, "Makefile");

describe("makefile", () => {
  it("reads includes, variables, prerequisites and recipes", () => {
    const text = `include common.mk
-include local.mk
PYTHON ?= python3 -u
SRC := src/app
ROOT := $(shell git rev-parse --show-toplevel)
HERE := $(dir $(abspath $(lastword $(MAKEFILE_LIST))))
CONFIG = configs/base.yaml # the default

.PHONY: train all
all: build/out.txt
build/out.txt: $(SRC)/in.txt tools/gen.py
\tpython tools/gen.py $< > $@
train: ; bash scripts/now.sh
\t@cd $(SRC) && \\
\t  $(PYTHON) train.py --config $(CONFIG)
\t-bash scripts/maybe.sh
\tbash $(ROOT)/tools/x.sh
\tbash $(HERE)y.sh
\tfor f in $$(ls); do python $$f; done
`;
    const { mentions, commands, writes } = extract(text);
    expect(mentions.map(shown)).toEqual([
      "common.mk -> common.mk @make | include hard include",
      "local.mk -> local.mk @make | include soft include",
      "src/app -> src/app @make | value weak SRC",
      "configs/base.yaml -> configs/base.yaml @make | value soft CONFIG",
      "build/out.txt -> build/out.txt @make | argument weak prerequisite",
      "$(SRC)/in.txt -> src/app/in.txt @make | argument weak prerequisite",
      "tools/gen.py -> tools/gen.py @make | argument weak prerequisite",
      "tools/gen.py -> tools/gen.py @make | command hard",
      "scripts/now.sh -> scripts/now.sh @make | command hard",
      "train.py -> src/app/train.py @make | command hard",
      "scripts/maybe.sh -> scripts/maybe.sh @make | command soft",
      "$(ROOT)/tools/x.sh -> tools/x.sh @root | command hard",
      "$(HERE)y.sh -> y.sh @file | command hard",
    ]);
    expect(commands?.map(({ words, cwd }) => [cwd, words.join(" ")])).toEqual([
      ["", "python tools/gen.py {…}"],
      ["", "bash scripts/now.sh"],
      ["src/app", "python3 -u train.py --config configs/base.yaml"],
      ["", "bash scripts/maybe.sh"],
      ["", "bash {root}/tools/x.sh"],
      ["", "bash {file}/y.sh"],
      ["", "python {…}"],
    ]);
    expect(writes).toEqual(["build/out.txt"]);
  });

  it("does not know a variable that is set twice", () => {
    const text = "ifdef X\nD = a\nelse\nD = b\nendif\nt:\n\tpython $(D)/x.py\n";
    expect(extract(text).mentions.map(shown)).toEqual(["$(D)/x.py -> {…}/x.py @make | command hard"]);
  });

  it("reads what make runs itself", () => {
    expect(extract("FILES := $(shell python tools/list.py $(DIRS))\n").mentions.map(shown)).toEqual([
      "tools/list.py -> tools/list.py @make | command hard",
    ]);
  });

  it("reads canned recipes", () => {
    const text = "define stage =\n\tmkdir -p staging\n\tbash tools/x.sh\nendef\nt:\n\t$(stage)\n";
    const { mentions, writes } = extract(text);
    expect(mentions.filter(({ use }) => use === "run").map(shown)).toEqual([
      "tools/x.sh -> tools/x.sh @make | command hard",
    ]);
    expect(writes).toEqual(["staging"]);
  });

  it("keeps every position when it turns make's text into shell", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom("$(", "${", ")", "}", "$$", "$", "@", "a", " ", "\n", "X", "shell "), {
          maxLength: 30,
        }),
        (pieces) => {
          const text = pieces.join("");
          expect(asShell(text)).toHaveLength(text.length);
        },
      ),
      { numRuns: 2000, seed: 1 },
    );
  });

  it("survives broken files, and spans hold what they say", () => {
    for (const text of [
      "",
      ":",
      "a:",
      "\t",
      "a:\n\t",
      "x = \\",
      "include",
      "define a\nb",
      "a: b\n\tcd $(X\n",
    ])
      expect(() => extract(text)).not.toThrow();
    const bytes = Buffer.from("é:\r\n\tpython $(X)/é.py --a ü/b.yaml\r\n", "utf8");
    const { mentions } = extract(bytes.toString("latin1"));
    expect(mentions.map(({ raw }) => raw)).toEqual(["$(X)/é.py", "ü/b.yaml"]);
    for (const { start, end, raw } of mentions) expect(bytes.subarray(start, end).toString()).toBe(raw);
  });
});
