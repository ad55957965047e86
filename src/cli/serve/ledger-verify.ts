import { z } from "zod";
import { defineCommand } from "../framework/command.ts";
import { stateFlags, withState } from "./flags.ts";

export default defineCommand({
  name: "verify",
  summary: "Check the inference service's ledger: the chain of hashes and its signed checkpoints",
  options: z.strictObject(stateFlags),
  examples: [
    {
      line: "training-ready serve ledger verify",
      does: "exits 0 if the ledger is whole, 1 if it was changed",
    },
  ],
  async run({ options }, context) {
    const found = await withState(context, { ...options, mustExist: true }, (state) => state.verifyLedger());
    const { ok, firstBroken, rows } = found;
    const text = ok
      ? `the ledger is whole: ${rows} entries\n`
      : `the ledger is broken${firstBroken === null ? "" : ` at entry ${firstBroken}`}\n`;
    return { exitCode: ok ? 0 : 1, document: { ok, firstBroken, rows }, text };
  },
});
