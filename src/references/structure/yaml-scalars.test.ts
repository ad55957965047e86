import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isMap, isSeq, parseAllDocuments, visit } from "yaml";
import { yamlScalars } from "./yaml-scalars.ts";

const flat = (text: string) =>
  yamlScalars(text).map(
    ({ keys, value, document }) => `${document === 0 ? "" : `${document}:`}${keys.join(".")}=${value}`,
  );

describe("yamlScalars", () => {
  it("reads maps, lists at both columns, compact items, quotes and comments", () => {
    const text = `# top
a: 1
b:
  c: "x y" # note
  'd e': it's
list:
- one
- two: 2
  three: 'it''s'
-
  four: 4
deep:
  - - p
    - q
  - r
anchor: &x value
url: http://host.example/a:b
empty:
last: end
`;
    expect(flat(text)).toEqual([
      "a=1",
      "b.c=x y",
      "b.d e=it's",
      "list.0=one",
      "list.1.two=2",
      "list.1.three=it's",
      "list.2.four=4",
      "deep.0.0=p",
      "deep.0.1=q",
      "deep.1=r",
      "anchor=value",
      "url=http://host.example/a:b",
      "last=end",
    ]);
  });

  it("reads blocks, flow and documents", () => {
    const text = `run: |
  cd x

  python a.py
fold: >-
  one
next: {a: [1, "two", {b: c}], "d":e, f: \${{ g }}}
multi: [
  x,  # comment
  y
]
---
k: v
`;
    expect(flat(text)).toEqual([
      "run=  cd x\n\n  python a.py\n",
      "fold=  one\n",
      "next.a.0=1",
      "next.a.1=two",
      "next.a.2.b=c",
      "next.d=e",
      "next.f=${{ g }}",
      "multi.0=x",
      "multi.1=y",
      "1:k=v",
    ]);
  });

  it("steps over templates and broken lines", () => {
    expect(flat("{{- if .x }}\na: {{ .Values.y }}\n\tb: c\n  : \n'unclosed\nd: e\n")).toEqual(
      expect.arrayContaining(["d=e"]),
    );
  });

  it("agrees with a parser on what both can read", () => {
    const key = fc.constantFrom("a", "b", "c d", "e.f", "g/h");
    const leaf = fc.constantFrom("x", "a/b.py", "it's", "./run.sh", "v: w", "# no", "http://x:1/y");
    const tree = fc.letrec((tie) => ({
      node: fc.oneof(
        { maxDepth: 4 },
        leaf,
        fc.array(tie("node"), { minLength: 1, maxLength: 3 }),
        fc.dictionary(key, tie("node"), { minKeys: 1, maxKeys: 3 }),
      ),
    })).node;
    fc.assert(
      fc.property(
        fc.dictionary(key, tree, { minKeys: 1 }),
        fc.integer({ min: 0, max: 1 }),
        (value, isFlow) => {
          const [document] = parseAllDocuments(JSON.stringify(value));
          if (document === undefined || !("contents" in document)) return;
          visit(document, {
            Scalar: (_, node) => {
              delete node.type;
            },
            Collection: (_, node) => {
              if (isMap(node) || isSeq(node)) node.flow = isFlow === 1;
            },
          });
          const text = String(document);
          const wanted: string[] = [];
          const walk = (node: unknown, keys: (string | number)[]): void => {
            if (typeof node === "string") wanted.push(`${keys.join(".")}=${node}`);
            else if (Array.isArray(node)) node.forEach((one, at) => walk(one, [...keys, at]));
            else for (const [name, one] of Object.entries(node as object)) walk(one, [...keys, name]);
          };
          walk(value, []);
          expect(flat(text)).toEqual(wanted);
        },
      ),
      { numRuns: 200, seed: 1 },
    );
  });

  it("gives spans that hold the value", () => {
    const text = 'a: "q\\"uote"\r\nb: plain value  \r\nc: |\r\n  x\r\n';
    for (const { start, end, value, isVerbatim } of yamlScalars(text)) {
      if (isVerbatim) expect(text.slice(start, end)).toBe(value);
      else expect(value).toBe('q"uote');
    }
  });
});
