import { describe, expect, it } from "vitest";
import { z } from "zod";
import { TrainingReadyError } from "../../shared/index.ts";
import { defineCommand, type CommandNode, type CommandSpec } from "./command.ts";
import { commandHelp } from "./help.ts";
import { runProgram, type Host } from "./run.ts";

const greet = defineCommand({
  name: "greet",
  summary: "Greet somebody",
  arguments: [{ name: "NAME", description: "whom", required: true }],
  options: z.strictObject({
    times: z.int().min(1).default(1).meta({ description: "how often" }),
    style: z.enum(["plain", "loud"]).default("plain").meta({ description: "how" }),
    tag: z.array(z.string()).default([]).meta({ description: "a mark", value: "TAG" }),
    outDir: z.string().optional().meta({ description: "where", value: "DIR" }),
  }),
  writes: true,
  examples: [{ line: "training-ready greet Ada", does: "greets" }],
  async run({ options, arguments: given }, context) {
    if (given[0] === "nobody") throw new TrainingReadyError("E_INPUT", "nobody is there", { exitCode: 1 });
    if (given[0] === "bug") throw new Error("unforeseen");
    if (!(await context.confirm("Greet?"))) return 2;
    return {
      exitCode: 0,
      document: { given, options, secret: `hf_${"a1B2".repeat(9)}` },
      text: `hello ${given[0]}\n`,
    };
  },
});

const commands: CommandNode[] = [
  {
    kind: "group",
    name: "say",
    summary: "Say things",
    children: [
      {
        kind: "command",
        name: "greet",
        summary: "greet",
        load: async () => ({ default: greet as unknown as CommandSpec<never> }),
      },
    ],
  },
];

async function run(...words: string[]) {
  let stdout = "";
  let stderr = "";
  const host: Host = {
    stdout: (text) => (stdout += text),
    stderr: (text) => (stderr += text),
    isTerminal: false,
    environment: {},
    cwd: "/",
    signal: new AbortController().signal,
  };
  const code = await runProgram(commands, words, host);
  return { code, stdout, stderr };
}

describe("command line", () => {
  it("passes defaults, numbers, lists and camel-case flags", async () => {
    const { code, stdout } = await run(
      "say",
      "greet",
      "Ada",
      "--times",
      "2",
      "--tag=a",
      "--tag",
      "b",
      "--out-dir",
      "x",
      "--yes",
      "--json",
    );
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      version: 1,
      tool: { name: "training-ready" },
      given: ["Ada"],
      options: { times: 2, style: "plain", tag: ["a", "b"], outDir: "x" },
    });
  });

  it("filters secrets out of the JSON document", async () => {
    expect(JSON.parse((await run("say", "greet", "Ada", "-y", "--json")).stdout)).toMatchObject({
      secret: "[huggingface-token]",
    });
  });

  const refusals: [string[], string, RegExp][] = [
    [["say", "greet", "Ada", "--tims", "2"], "E_CLI_UNKNOWN_FLAG", /Did you mean --times\?/],
    [["say", "greet", "Ada", "--times"], "E_CLI_ARGUMENT", /--times needs a value/],
    [["say", "greet", "Ada", "--times", "--yes"], "E_CLI_ARGUMENT", /--times needs a value/],
    [["say", "greet", "Ada", "--times", "two"], "E_CLI_ARGUMENT", /needs a number/],
    [["say", "greet", "Ada", "--times", "0"], "E_CLI_ARGUMENT", /--times does not take 0/],
    [["say", "greet", "Ada", "--style", "lod"], "E_CLI_ARGUMENT", /Did you mean loud\?/],
    [["say", "greet", "Ada", "--json=yes"], "E_CLI_ARGUMENT", /takes no value/],
    [["say", "greet", "Ada", "--out-dir", "a", "--out-dir", "b"], "E_CLI_ARGUMENT", /given twice/],
    [["say", "greet"], "E_CLI_ARGUMENT", /needs NAME/],
    [["say", "greet", "Ada", "Bob"], "E_CLI_ARGUMENT", /argument "Bob"/],
    [["say", "gret"], "E_CLI_UNKNOWN_COMMAND", /Did you mean greet\?/],
    [["sai"], "E_CLI_UNKNOWN_COMMAND", /Did you mean say\?/],
    [["--jso"], "E_CLI_UNKNOWN_FLAG", /Did you mean --json\?/],
    [["say", "greet", "Ada"], "E_NEEDS_YES", /no terminal/],
  ];
  for (const [words, code, message] of refusals) {
    it(`refuses \`${words.join(" ")}\` with exit 2`, async () => {
      const result = await run(...words);
      expect(result).toMatchObject({ code: 2, stdout: "" });
      expect(result.stderr).toMatch(code);
      expect(result.stderr).toMatch(message);
    });
  }

  it("gives an error as one JSON document on stdout", async () => {
    const result = await run("say", "greet", "nobody", "--json");
    expect(result).toMatchObject({ code: 1, stderr: "" });
    expect(JSON.parse(result.stdout)).toEqual({
      error: { code: "E_INPUT", message: "nobody is there", hint: "Correct the named field." },
    });
  });

  it("shows the stack of an error that nobody foresaw", async () => {
    const result = await run("say", "greet", "bug");
    expect(result.code).toBe(2);
    expect(result.stderr).toMatch(/E_INTERNAL: unforeseen[\s\S]*at /);
  });

  it("shows help for the program, a group and a command", async () => {
    expect((await run()).stdout).toMatch(/say\s+Say things/);
    expect((await run("say", "--help")).stdout).toMatch(/greet/);
    expect((await run("say", "greet", "--help")).stdout).toBe(commandHelp(greet, "say greet"));
    expect(await run("say")).toMatchObject({ code: 2, stdout: "" });
    expect((await run("--version")).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it("lists every flag with default and repetition in the help", () => {
    const help = commandHelp(greet, "say greet");
    expect(help).toMatch(/--times N\s+how often \(default 1\)/);
    expect(help).toMatch(/--style plain\|loud/);
    expect(help).toMatch(/--tag TAG\s+a mark .*may be repeated/);
    expect(help).toMatch(/-y, --yes/);
  });
});
