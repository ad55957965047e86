import { z } from "zod";
import { changeRun } from "../../training/index.ts";
import { defineCommand } from "../framework/command.ts";
import { userPath } from "../framework/run.ts";
import { assignmentsOf, namedBase, namedRun, trainFlags } from "./flags.ts";
import { followRun } from "./follow.ts";

export default defineCommand({
  name: "resume",
  summary: "Go on with a run that was stopped or killed, exactly",
  arguments: [{ name: "RUN", description: "the run folder" }],
  options: z.strictObject({
    home: trainFlags.home,
    run: trainFlags.run,
    base: trainFlags.base,
    data: trainFlags.data,
    set: trainFlags.set,
    nproc: trainFlags.nproc,
    allowInexact: z
      .boolean()
      .default(false)
      .meta({ description: "go on with other hardware, threads or versions; every report says so" }),
    events: z
      .boolean()
      .default(false)
      .meta({ description: "print the run's events to stdout as JSON Lines" }),
  }),
  writes: true,
  examples: [
    { line: "training-ready train resume --run runs/tiny-001", does: "trains on from the last checkpoint" },
  ],
  async run({ options, arguments: words }, context) {
    const run = namedRun(context, words, options.run);
    await changeRun(run, {
      allowInexact: options.allowInexact,
      assignments: assignmentsOf(options),
      ...(options.base === undefined ? {} : { base: namedBase(context, options.base) }),
      ...(options.data === undefined ? {} : { data: userPath(context, options.data) }),
    });
    return await followRun(context, run, { events: options.events });
  },
});
