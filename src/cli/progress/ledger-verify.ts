import { z } from "zod";
import { openStore } from "../../progress/index.ts";
import { defineCommand } from "../framework/command.ts";
import { homeFlag, homeOf } from "./flags.ts";
import { formatLedgerVerify } from "./ledger-verify.format.ts";

export default defineCommand({
  name: "verify",
  summary: "Check the ledger's chain and its signed checkpoints",
  description: "Exit 0 if whole, 1 if a row was changed, removed, added or moved.",
  options: z.strictObject({ home: homeFlag }),
  examples: [
    {
      line: "training-ready progress ledger verify --home training_ready",
      does: "walks the whole chain and names the first broken row",
    },
  ],
  async run({ options }, context) {
    const store = await openStore(homeOf(context, options.home), { mustExist: true });
    try {
      const found = store.verifyLedger();
      return { exitCode: found.ok ? 0 : 1, document: found, text: formatLedgerVerify(found) };
    } finally {
      store.close();
    }
  },
});
