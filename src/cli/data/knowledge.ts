import { z } from "zod";
import { foldConcepts, readConcepts, starterConcepts } from "../../data/index.ts";
import { writeFileAtomic } from "../../shared/index.ts";
import { defineCommand } from "../framework/command.ts";
import { userPath } from "../framework/run.ts";
import { conceptFile, formatKnowledge } from "./knowledge.format.ts";

export default defineCommand({
  name: "knowledge",
  summary: "Join files of psychology concepts, check their links, and write one",
  description:
    "Without FILE it shows the starter set: concepts and techniques in own words, each with the work it is from, checked by no psychologist.",
  arguments: [
    { name: "FILE", description: "JSON or JSON Lines of concepts; earlier files win", variadic: true },
  ],
  options: z.strictObject({
    starter: z.boolean().default(false).meta({ description: "adds the starter set behind the files" }),
    out: z.string().optional().meta({ description: "file to write the concepts into", value: "FILE" }),
  }),
  examples: [
    {
      line: "training-ready data knowledge concepts.json --starter --out all.json",
      does: "joins a file with the starter set",
    },
  ],
  async run({ options, arguments: files }, context) {
    const refused: Record<string, number> = {};
    const all = [];
    for (const file of files) {
      const read = await readConcepts(file, context.cwd);
      all.push(...read.concepts);
      for (const [code, count] of Object.entries(read.refused)) refused[code] = (refused[code] ?? 0) + count;
    }
    if (files.length === 0 || options.starter) all.push(...starterConcepts);
    const folded = foldConcepts(all);
    if (options.out !== undefined)
      await writeFileAtomic(userPath(context, options.out), conceptFile(folded.concepts));
    const { concepts, ...checks } = folded;
    return {
      exitCode: 0,
      document: { concepts: options.out === undefined ? concepts : concepts.length, ...checks, refused },
      text: formatKnowledge(folded, refused),
    };
  },
});
