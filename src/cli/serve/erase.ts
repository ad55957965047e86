import { z } from "zod";
import { eraseState } from "../../inference/index.ts";
import { defineCommand } from "../framework/command.ts";
import { stateFlags, withState } from "./flags.ts";

export default defineCommand({
  name: "erase",
  summary: "Erase a client from the inference service: key, sessions, reviews and waiting turns",
  description:
    "Destroys the client's key, deletes what it sealed and empties the write-ahead log; the ledger keeps a pseudonym. The tracker has its own `progress erase`; backups must expire on their own.",
  options: z.strictObject({
    ...stateFlags,
    tenant: z.string().min(1).max(200).meta({ description: "whose client", value: "NAME" }),
    client: z.string().min(1).max(200).meta({ description: "the client", value: "ID" }),
  }),
  writes: true,
  examples: [
    {
      line: "training-ready serve erase --tenant clinic --client c-17 --yes",
      does: "erases everything that the service keeps of one client",
    },
  ],
  async run({ options }, context) {
    const { tenant, client } = options;
    if (!(await context.confirm(`Erase everything of the client ${client} of ${tenant} for good?`))) return 2;
    const erased = await withState(context, { ...options, mustExist: true }, (state) =>
      eraseState(state, { tenant, client }),
    );
    const text = `erased ${erased.sessions} sessions, ${erased.reviews} review items, ${erased.waiting} waiting turns\n`;
    return { exitCode: 0, document: erased, text };
  },
});
