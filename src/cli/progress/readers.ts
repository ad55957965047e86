import { z } from "zod";
import { readersOf } from "../../progress/index.ts";
import { TrainingReadyError } from "../../shared/index.ts";
import { defineCommand } from "../framework/command.ts";
import { homeFlag, homeOf, tenantFlag } from "./flags.ts";
import { asLocalOperator } from "./local-call.ts";
import { formatReaders } from "./readers.format.ts";

const dayMs = 86_400_000;
const day = z.iso.date();

export default defineCommand({
  name: "readers",
  summary: "Say who read whom, from the ledger",
  description:
    "Reads, other acts and refusals of a period, by person and client, the newest first, at most 1,000 pairs. The question stands in the ledger too.",
  options: z.strictObject({
    home: homeFlag,
    tenant: tenantFlag,
    from: day
      .optional()
      .meta({ description: "first day, UTC; default: 30 days before the last", value: "DAY" }),
    to: day.optional().meta({ description: "last day, UTC; default: today", value: "DAY" }),
    person: z.string().min(1).max(200).optional().meta({ description: "a name or id", value: "NAME" }),
    client: z.string().min(1).max(200).optional().meta({ description: "a client's id", value: "ID" }),
  }),
  examples: [
    {
      line: "training-ready progress readers --client c-17 --from 2026-11-01 --home training_ready",
      does: "lists who looked at a client since the first of November",
    },
  ],
  async run({ options }, context) {
    const { person, client } = options;
    const found = await asLocalOperator(
      homeOf(context, options.home),
      { tenant: options.tenant, role: "supervisor" },
      (call) => {
        const to = options.to === undefined ? call.store.now() : Date.parse(options.to) + dayMs - 1;
        const from = options.from === undefined ? to - 30 * dayMs : Date.parse(options.from);
        if (from > to) throw new TrainingReadyError("E_CLI_ARGUMENT", "--from lies after --to.");
        return readersOf(call, { from, to }, { person, client });
      },
    );
    return { exitCode: 0, document: found, text: formatReaders(found) };
  },
});
