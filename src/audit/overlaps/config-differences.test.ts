import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { configDifferences, isSecretKey, sharedKeys, shownValue } from "./config-differences.ts";
import { configValues, type ConfigValues } from "./config-values.ts";
import { requirementsByName } from "./requirements.ts";

const values = (text: string, language: "json" | "yaml" | "toml" | "requirements" = "json"): ConfigValues =>
  configValues(text, language) as ConfigValues;

describe("configValues, bad input", () => {
  it("gives none for what cannot be parsed, for plain values and for other languages", () => {
    expect(configValues("{ broken", "json")).toBeUndefined();
    expect(configValues("a: [", "yaml")).toBeUndefined();
    expect(configValues("image: {{ .Values.image }}:{{ .Values.tag }}", "yaml")).toBeUndefined();
    expect(configValues("a = ", "toml")).toBeUndefined();
    expect(configValues("7", "json")).toBeUndefined();
    expect(configValues("x = 1", "python")).toBeUndefined();
  });

  it("takes a file of very many keys for data", () => {
    const many = JSON.stringify(Object.fromEntries(Array.from({ length: 6000 }, (_, at) => [`k${at}`, at])));
    expect(configValues(many, "json")).toBeUndefined();
  });

  it("survives nesting deeper than the stack", () => {
    const deep = (open: string, close: string): string => open.repeat(200_000) + close.repeat(200_000);
    expect(configValues(deep("[", "]"), "json")).toBeUndefined();
    expect(configValues(deep('{"a":', "}").replace("}", "1}"), "json")).toBeUndefined();
    expect(configValues(deep("[", "]"), "yaml")).toBeUndefined();
  });

  it("does not expand aliases without end", () => {
    const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${"bcdefgh"
      .split("")
      .map(
        (name, at) =>
          `${name}: &${name} [${Array.from({ length: 9 }, () => `*${"abcdefgh"[at]}`).join(",")}]`,
      )
      .join("\n")}\n`;
    expect(configValues(bomb, "yaml")).toBeUndefined();
  });
});

describe("configValues", () => {
  it("flattens JSON, YAML and TOML alike", () => {
    const expected = new Map<string, unknown>([
      ["model.layers[0].size", 4],
      ["model.layers[1].size", 8],
      ["name", "a"],
    ]);
    expect(values('{"model": {"layers": [{"size": 4}, {"size": 8}]}, "name": "a", // c\n}')).toEqual(
      expected,
    );
    expect(values("model:\n  layers:\n    - size: 4\n    - size: 8\nname: a\n", "yaml")).toEqual(expected);
    expect(values('name = "a"\n[[model.layers]]\nsize = 4\n[[model.layers]]\nsize = 8\n', "toml")).toEqual(
      expected,
    );
  });

  it("reads NaN, several YAML documents and long lists as values", () => {
    expect(values('{"loss": NaN, "bound": -Infinity, "text": "is NaN: NaN"}').get("loss")).toBe("NaN");
    expect(values('{"loss": NaN, "text": "is NaN: NaN"}').get("text")).toBe("is NaN: NaN");
    expect([...values("a: 1\n---\nb: 2\n", "yaml").keys()]).toEqual(["[0].a", "[1].b"]);
    expect(values(JSON.stringify({ ids: Array.from({ length: 50 }, (_, at) => at) })).size).toBe(1);
  });
});

describe("configDifferences", () => {
  it("lists changed, added and removed keys in order, and nothing of what is equal", () => {
    const [a, b] = [
      values('{"lr": 1e-4, "steps": 10, "only": true}'),
      values('{"steps": 20, "lr": 0.0001, "new": null}'),
    ];
    expect(configDifferences(a, b)).toEqual([
      { key: "new", b: null },
      { key: "only", a: true },
      { key: "steps", a: 10, b: 20 },
    ]);
  });

  it("never shows a secret, by its key or by its shape, and says that it differs", () => {
    const token = `hf_${"a1B2".repeat(9)}`;
    const [a, b] = [
      values(
        JSON.stringify({ api_key: "first-value", hub: { token: "x1" }, note: `use ${token}`, max_tokens: 5 }),
      ),
      values(JSON.stringify({ api_key: "second-value", hub: { token: "x2" }, note: "none", max_tokens: 6 })),
    ];
    const differences = configDifferences(a, b);
    expect(differences).toEqual([
      { key: "api_key", a: "[hidden]", b: "[hidden]" },
      { key: "hub.token", a: "[hidden]", b: "[hidden]" },
      { key: "max_tokens", a: 5, b: 6 },
      { key: "note", a: "use [huggingface-token]", b: "none" },
    ]);
    expect(JSON.stringify(differences)).not.toContain("first-value");
  });

  it("knows keys of secrets from keys that only sound like it", () => {
    const secret = [
      "password",
      "db.PASSWORD",
      "hf_token",
      "HF_TOKEN",
      "openaiApiKey",
      "aws_secret_access_key",
      "auth",
      "client-secret",
    ];
    const harmless = [
      "max_tokens",
      "tokenizer",
      "pad_token",
      "eos_token",
      "key_dim",
      "author",
      "num_key_value_heads",
      "special_token",
    ];
    expect(secret.filter((key) => !isSecretKey(key))).toEqual([]);
    expect(harmless.filter((key) => isSecretKey(key))).toEqual([]);
  });

  it("shows long texts and lists by size", () => {
    expect(shownValue("x".repeat(80), false)).toBe("[text of 80 characters]");
    expect(shownValue("x".repeat(79), false)).toHaveLength(79);
    expect(shownValue([1, 2, 3], false)).toBe("[list of 3]");
    expect(shownValue(true, true)).toBe(true);
  });

  it("counts what it does not list", () => {
    const many = new Map(Array.from({ length: 250 }, (_, at) => [`k${at}`, at] as const));
    const differences = configDifferences(many, new Map());
    expect([differences.length, differences.at(-1)]).toEqual([201, { key: "[50 more keys]" }]);
  });

  it("is empty for equal settings and the mirror image the other way round", () => {
    const settings = fc.dictionary(
      fc.stringMatching(/^[a-z]{1,6}$/),
      fc.oneof(fc.integer(), fc.boolean(), fc.constant(null)),
    );
    fc.assert(
      fc.property(settings, settings, (x, y) => {
        const [a, b] = [new Map(Object.entries(x)), new Map(Object.entries(y))];
        expect(configDifferences(a, a)).toEqual([]);
        const mirrored = configDifferences(b, a).map((one) => ({
          key: one.key,
          ...("b" in one ? { a: one.b } : {}),
          ...("a" in one ? { b: one.a } : {}),
        }));
        expect(configDifferences(a, b)).toEqual(mirrored);
        expect(sharedKeys(a, b)).toBeCloseTo(sharedKeys(b, a), 10);
      }),
    );
  });
});

describe("requirements", () => {
  it("compares by normalised name, whatever the order, spacing and comments", () => {
    const text =
      "-r base.txt\n--extra-index-url https://example.org/simple\nTorch_Vision == 0.20 ; python_version >= '3.9' # why\nuvicorn[standard]>=0.3,<1\nnumpy\ngit+https://example.org/x.git\ntorch==2.1 \\\n  --hash=sha256:00\n";
    expect([...requirementsByName(text)]).toEqual([
      ["-r base.txt", "set"],
      ["--extra-index-url https://example.org/simple", "set"],
      ["torch-vision", "==0.20; python_version>='3.9'"],
      ["uvicorn", "[standard]>=0.3,<1"],
      ["numpy", "any"],
      ["git+https://example.org/x.git", "address"],
      ["torch", "==2.1 --hash=sha256:00"],
    ]);
    const [a, b] = [
      values("torch==2.1\nnumpy\n", "requirements"),
      values("numpy>=1.2\nTORCH==2.2\n", "requirements"),
    ];
    expect(configDifferences(a, b)).toEqual([
      { key: "numpy", a: "any", b: ">=1.2" },
      { key: "torch", a: "==2.1", b: "==2.2" },
    ]);
  });
});
