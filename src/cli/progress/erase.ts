import { z } from "zod";
import { eraseClient } from "../../progress/index.ts";
import { writeFileAtomic } from "../../shared/index.ts";
import { defineCommand } from "../framework/command.ts";
import { userPath } from "../framework/run.ts";
import { homeFlag, homeOf, tenantFlag } from "./flags.ts";
import { asLocalOperator } from "./local-call.ts";

export default defineCommand({
  name: "erase",
  summary: "Erase a client for good",
  description:
    "Destroys the client's key, then its rows, the write-ahead log and the free pages. The ledger keeps a pseudonym. A signed certificate stays in the store. A legal hold refuses it. Backups made before hold the client until they expire.",
  arguments: [{ name: "CLIENT", description: "the client's id", required: true }],
  options: z.strictObject({
    home: homeFlag,
    tenant: tenantFlag,
    certificate: z
      .string()
      .optional()
      .meta({ description: "also write the signed certificate", value: "FILE" }),
  }),
  writes: true,
  examples: [
    { line: "training-ready progress erase c-17 --yes", does: "erases what is stored about the client" },
  ],
  async run({ options, arguments: [client = ""] }, context) {
    if (!(await context.confirm(`Erase ${client} for good? It cannot be undone.`))) return 2;
    const home = homeOf(context, options.home);
    const erased = await asLocalOperator(home, { tenant: options.tenant, role: "operator" }, (call) =>
      eraseClient(call, client),
    );
    if (options.certificate !== undefined)
      await writeFileAtomic(
        userPath(context, options.certificate),
        `${JSON.stringify({ ...erased.certificate, signature: erased.signature }, null, 2)}\n`,
      );
    return {
      exitCode: 0,
      document: erased,
      text: `Erased ${erased.records} records; the ledger knows the client as ${erased.client}.\n`,
    };
  },
});
