import { z } from "zod";
import { openStore } from "../../progress/index.ts";
import { defineCommand } from "../framework/command.ts";
import { homeFlag, homeOf } from "./flags.ts";
import { formatLedgerVerify } from "./ledger-verify.format.ts";

type Found = ReturnType<Awaited<ReturnType<typeof openStore>>["verifyLedger"]>;

async function verified(home: string): Promise<Found> {
  try {
    const store = await openStore(home, { mustExist: true });
    try {
      return store.verifyLedger();
    } finally {
      store.close();
    }
  } catch (error) {
    // A file too damaged to open is an answer, not a failure.
    const cause = (error as { cause?: { code?: string } }).cause?.code ?? "";
    if (/^SQLITE_(CORRUPT|NOTADB)/.test(cause)) return { ok: false, firstBroken: null, rows: 0 };
    throw error;
  }
}

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
    const found = await verified(homeOf(context, options.home));
    return { exitCode: found.ok ? 0 : 1, document: found, text: formatLedgerVerify(found) };
  },
});
