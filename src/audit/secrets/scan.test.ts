import { describe, expect, it } from "vitest";
import { findSecrets } from "../../shared/index.ts";
import { isSecretKey, looksRandom } from "./assignments.ts";
import { scanText } from "./scan.ts";

// All made up; assembled here so that no scanner takes this file for a leak.
const hub = `hf_${"a1B2c3D4e5".repeat(3)}f6G7`;
const random = ["q7Z", "x9Kd2Lm5", "Pw3Rt8Yv", "4N"].join("");
const hex = ["9f86d081884c7d65", "9a2feaa0c55ad015"].join("");

const kinds = (text: string): string[] => scanText(text).secrets.map((one) => `${one.kind}:${one.line}`);

describe("scanText", () => {
  it("gives kind and bytes of a known secret, and nothing else", () => {
    const text = `# token\nHF_TOKEN=${hub}\n`;
    expect(scanText(text)).toEqual({
      secrets: [{ kind: "huggingface-token", line: 2, start: 17, end: 17 + hub.length }],
      ignores: [],
    });
    expect(scanText(text, 3).secrets[0]).toMatchObject({ start: 20 });
  });

  it.each([
    [`WANDB_KEY = "x"\nmy_api_key: ${random}\n`, ["assigned-secret:2"]],
    [`{"client_secret": "${random}"}`, ["assigned-secret:1"]],
    [`export SERVICE_TOKEN=${hex}`, ["assigned-secret:1"]],
    [`db = "postgres://anna:${random}@db.example.org/x"`, ["url-credentials:1"]],
  ])("finds %s", (text, expected) => {
    expect(kinds(text)).toEqual(expected);
  });

  it.each([
    "API_KEY=your_api_key_here_12345",
    "api_key: ${OPENAI_API_KEY}",
    "api_key = os.environ['OPENAI_API_KEY']",
    "password = getpass.getpass_with_prompt2",
    "pad_token: q7Zx9Kd2Lm5Pw3Rt8Yv4N",
    "eos_token_id = 12345678901234567890",
    "tokenizer: q7Zx9Kd2Lm5Pw3Rt8Yv4N",
    "max_tokens = 1234567890123456",
    "HF_TOKEN=hf_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
    "aws_access_key_id = AKIAIOSFODNN7EXAMPLE",
    "postgres://user:password@localhost/db",
    "https://example.org:8080/x@y",
    'if line.startswith("-----BEGIN RSA PRIVATE KEY-----"):',
    "secret_key: configs/secrets/model.v2.yaml",
    `sha = "${hex}"`,
    `see https://example.org/report?accessToken=${random}`,
  ])("does not take %s for a secret", (text) => {
    expect(kinds(text)).toEqual([]);
  });

  it("looks for every kind that the filter knows", () => {
    const samples = [
      `AKIA${"Q7ZX9KD2".repeat(2)}`,
      `ghp_${"a1".repeat(18)}`,
      `github_pat_${"a1".repeat(30)}`,
      `glpat-${"a1".repeat(10)}`,
      hub,
      `sk-ant-${"a1".repeat(12)}`,
      `sk-${"a1".repeat(16)}`,
      `AIza${"a1".repeat(17)}b`,
      `xoxb-${"12".repeat(8)}`,
      `sk_live_${"a1".repeat(10)}`,
      `npm_${"a1".repeat(18)}`,
      `WANDB_API_KEY=${"9f83d".repeat(8)}`,
      `eyJ${"hb".repeat(6)}.eyJ${"zd".repeat(6)}.${"Qx".repeat(6)}`,
      ["https://anna:", "pw-of-anna@example.org/"].join(""),
    ];
    const plain = samples.filter((text) => findSecrets(text).length === 0);
    expect(plain).toEqual([]);
    // A varied body, so that none is taken for a placeholder.
    const varied = samples.map((text) =>
      text.replaceAll("a1a1a1a1", "q7Zx9Kd2").replaceAll("12121212", "83910274"),
    );
    expect(varied.filter((text) => scanText(`${text}\n`).secrets.length === 0)).toEqual([]);
  });

  it("reads ignore comments", () => {
    expect(scanText("a\n# training-ready: ignore[ref-stale, secret]\n").ignores).toEqual([
      { line: 2, rules: ["ref-stale", "secret"] },
    ]);
  });
});

describe("assigned secrets", () => {
  it("knows names of secrets from names of tokens of text", () => {
    expect(
      ["api_key", "OPENAI_API_KEY", "db.password", "authToken", "HF_TOKEN", "aws_secret_access_key"].filter(
        (name) => !isSecretKey(name),
      ),
    ).toEqual([]);
    expect(
      ["tokenizer", "pad_token", "num_tokens", "mask_token", "key", "monkey", "MAX_TOKEN"].filter(
        isSecretKey,
      ),
    ).toEqual([]);
  });

  it("knows random values from written ones", () => {
    expect([random, hex].filter((value) => !looksRandom(value))).toEqual([]);
    expect(
      [
        "meta-llama/Llama-2-7b-hf",
        "2024-01-01T00:00:00",
        "train_v2.final.yaml",
        "aaaaaaaaaaaaaaaa11",
        "changeme12345678",
      ].filter(looksRandom),
    ).toEqual([]);
  });
});
