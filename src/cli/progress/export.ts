import { createHash } from "node:crypto";
import { z } from "zod";
import { exportClient, exportFormats } from "../../progress/index.ts";
import { writeFileAtomic } from "../../shared/index.ts";
import { defineCommand } from "../framework/command.ts";
import { userPath } from "../framework/run.ts";
import { homeFlag, homeOf, tenantFlag } from "./flags.ts";
import { asLocalOperator } from "./local-call.ts";

export default defineCommand({
  name: "export",
  summary: "Write everything stored about a client to a file",
  description: "The file is readable by its owner only; the export stands in the ledger.",
  arguments: [{ name: "CLIENT", description: "the client's id", required: true }],
  options: z.strictObject({
    home: homeFlag,
    tenant: tenantFlag,
    format: z.enum(exportFormats).default("json").meta({ description: "form of the file" }),
    out: z.string().meta({ description: "the file", value: "FILE" }),
  }),
  writes: true,
  examples: [
    {
      line: "training-ready progress export c-17 --format csv --out c-17.csv --yes",
      does: "writes a table of all records",
    },
  ],
  async run({ options, arguments: [client = ""] }, context) {
    const path = userPath(context, options.out);
    if (!(await context.confirm(`Write what is stored about the client to ${path}, unsealed?`))) return 2;
    const home = homeOf(context, options.home);
    const hash = createHash("sha256");
    let bytes = 0;
    await asLocalOperator(home, { tenant: options.tenant, role: "supervisor" }, async (call) => {
      const stream = await exportClient(call, client, options.format).open();
      async function* counted(): AsyncGenerator<Buffer> {
        for await (const piece of stream as AsyncIterable<Buffer>) {
          hash.update(piece);
          bytes += piece.length;
          yield piece;
        }
      }
      await writeFileAtomic(path, counted(), { mode: 0o600 });
    });
    return {
      exitCode: 0,
      document: { out: path, format: options.format, bytes, sha256: hash.digest("hex") },
      text: `Wrote ${bytes} bytes to ${path}.\n`,
    };
  },
});
