import { z } from "zod";
import { writeSample } from "../sample/index.ts";
import { defineCommand } from "./framework/command.ts";
import { userPath } from "./framework/run.ts";
import { sampleText } from "./sample.format.ts";

export default defineCommand({
  name: "sample",
  summary: "Write a repository of scattered training packages to try things on",
  description:
    "Everything in it is synthetic. Its faults are planted, and the key beside it lists them: the same seed and flags give the same bytes and commits.",
  arguments: [{ name: "DIR", description: "an empty or new folder; default: sample" }],
  options: z.strictObject({
    seed: z
      .number()
      .int()
      .min(0)
      .default(1)
      .meta({ description: "which sample: names, places and faults vary" }),
    scale: z
      .number()
      .int()
      .min(1)
      .max(200)
      .default(1)
      .meta({ description: "how many times as many files, for benchmarks" }),
    root: z
      .enum(["above", "at"])
      .default("above")
      .meta({ description: "whether the repository holds the folder ai/ or is that folder itself" }),
    noGit: z.boolean().default(false).meta({ description: "write files only, without a repository" }),
    shallow: z.boolean().default(false).meta({ description: "keep only the last commits, as CI clones do" }),
    crlf: z.boolean().default(false).meta({ description: "check text files out with CRLF line ends" }),
    answers: z
      .string()
      .optional()
      .meta({ description: "where the key goes; default: beside DIR, as DIR.answers.json", value: "FILE" }),
  }),
  examples: [
    {
      line: "training-ready sample /tmp/scattered --seed 7",
      does: "writes the sample of seed 7 and its key",
    },
  ],
  async run({ options, arguments: [folder] }, context) {
    const { noGit, answers, ...rest } = options;
    const written = await writeSample({
      ...rest,
      git: !noGit,
      folder: userPath(context, folder ?? "sample"),
      ...(answers === undefined ? {} : { answers: userPath(context, answers) }),
    });
    const { key, ...document } = written;
    const planted = {
      references: key.references.length,
      imports: key.imports.length,
      copies: key.copies.length,
      groups: key.groups.length,
    };
    return { exitCode: 0, document: { ...document, commit: key.commit, planted }, text: sampleText(written) };
  },
});
