import { z } from "zod";
import { openStore, setCare } from "../../progress/index.ts";
import { TrainingReadyError } from "../../shared/index.ts";
import { defineCommand } from "../framework/command.ts";
import { homeFlag, homeOf } from "./flags.ts";

const day = (value: string | undefined, flag: string): number | null => {
  if (value === undefined) return null;
  const time = Date.parse(value);
  if (!Number.isFinite(time)) throw new TrainingReadyError("E_CLI_ARGUMENT", `${flag} ${value} is no date.`);
  return time;
};

export default defineCommand({
  name: "care",
  summary: "Begin, end or limit somebody's care of a client",
  description:
    "Who has no care relationship that is valid now does not learn that the client exists. Cover for an absence: name --from and --until. --end ends it now. Each change stands in the ledger.",
  options: z.strictObject({
    home: homeFlag,
    principal: z.string().meta({ description: "who cares", value: "ID" }),
    client: z.string().min(1).max(200).meta({ description: "for whom", value: "ID" }),
    from: z.string().optional().meta({ description: "first moment, ISO 8601; default now", value: "TIME" }),
    until: z.string().optional().meta({ description: "last moment; default none", value: "TIME" }),
    end: z.boolean().default(false).meta({ description: "end it now" }),
  }),
  writes: true,
  examples: [
    {
      line: "training-ready progress care --principal 0192… --client c-17 --until 2026-12-31T00:00:00Z --yes",
      does: "lets a colleague stand in until the end of the year",
    },
  ],
  async run({ options }, context) {
    const { principal, client, end } = options;
    const [from, until] = [day(options.from, "--from"), day(options.until, "--until")];
    if (from !== null && until !== null && until <= from)
      throw new TrainingReadyError("E_CLI_ARGUMENT", "--until lies before --from.");
    const store = await openStore(homeOf(context, options.home), { mustExist: true });
    try {
      if (!(await context.confirm(`${end ? "End" : "Set"} the care of ${client} by ${principal}?`))) return 2;
      const done = setCare(store, { principal, client, from, until, end });
      store.checkpoint();
      const { valid_from, valid_until } = done;
      return {
        exitCode: 0,
        document: done,
        text: `${principal} cares for ${client} from ${valid_from} ${valid_until === null ? "on" : `until ${valid_until}`}.\n`,
      };
    } finally {
      store.close();
    }
  },
});
