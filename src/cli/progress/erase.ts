import { existsSync } from "node:fs";
import { z } from "zod";
import { openState, statePaths } from "../../inference/index.ts";
import { eraseClient, type ErasedElsewhere } from "../../progress/index.ts";
import { eraseFromState, homeState } from "../../service/index.ts";
import { writeFileAtomic } from "../../shared/index.ts";
import { defineCommand } from "../framework/command.ts";
import { userPath } from "../framework/run.ts";
import { homeFlag, homeOf, tenantFlag } from "./flags.ts";
import { asLocalOperator } from "./local-call.ts";

const said = (inference: ErasedElsewhere | null): string =>
  inference === null
    ? "The home keeps no state of an inference service.\n"
    : `The inference service lost ${inference.sessions} sessions, ${inference.reviews} review items, ${inference.waiting_turns} waiting turns.\n`;

export default defineCommand({
  name: "erase",
  summary: "Erase a client for good",
  description:
    "First what the inference service of the same home keeps of the client: key, sessions, review items, turns that wait. Then the client's key in the tracker, its rows, the write-ahead log and the free pages. The ledgers keep a pseudonym. A signed certificate stays in the store. A legal hold refuses it. Backups made before hold the client until they expire.",
  arguments: [{ name: "CLIENT", description: "the client's id", required: true }],
  options: z.strictObject({
    home: homeFlag,
    tenant: tenantFlag,
    state: z.string().optional().meta({
      description: "the inference service's folder; HOME/inference, where it is there, if not given",
      value: "DIR",
    }),
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
    const folder = options.state === undefined ? homeState(home) : userPath(context, options.state);
    const hasState = options.state !== undefined || existsSync(statePaths(folder).database);
    const state = hasState ? await openState(folder, { mustExist: true }) : undefined;
    try {
      const erased = await asLocalOperator(home, { tenant: options.tenant, role: "operator" }, (call) =>
        eraseClient(call, client, state && ((name) => eraseFromState(state, name))),
      );
      if (options.certificate !== undefined)
        await writeFileAtomic(
          userPath(context, options.certificate),
          `${JSON.stringify({ ...erased.certificate, signature: erased.signature }, null, 2)}\n`,
        );
      return {
        exitCode: 0,
        document: erased,
        text: `Erased ${erased.records} records; the ledger knows the client as ${erased.client}.\n${said(erased.certificate.inference)}`,
      };
    } finally {
      state?.close();
    }
  },
});
