import { createHash } from "node:crypto";
import { z } from "zod";
import { exportDeidentified, leastPersons } from "../../progress/index.ts";
import { writeFileAtomic } from "../../shared/index.ts";
import { defineCommand } from "../framework/command.ts";
import { userPath } from "../framework/run.ts";
import { homeFlag, homeOf, tenantFlag } from "./flags.ts";
import { asLocalOperator } from "./local-call.ts";

export default defineCommand({
  name: "deidentify",
  summary: "Write records of clients who consent to research, without ids, free text and true dates",
  description:
    "Only clients whose consent to research is given. Days are shifted per person, pseudonyms hold for this file alone, values of few persons are blanked. The file is readable by its owner only; the export stands in the ledger.",
  options: z.strictObject({
    home: homeFlag,
    tenant: tenantFlag,
    least: z
      .int()
      .min(5)
      .max(1000)
      .default(leastPersons)
      .meta({ description: "persons that must share a value for it to be shown", value: "N" }),
    out: z.string().meta({ description: "the file, NDJSON", value: "FILE" }),
  }),
  writes: true,
  examples: [
    {
      line: "training-ready progress deidentify --out research.ndjson --yes",
      does: "writes the records of all clients who consent to research",
    },
  ],
  async run({ options }, context) {
    const path = userPath(context, options.out);
    if (!(await context.confirm(`Write de-identified records of every consenting client to ${path}?`)))
      return 2;
    const hash = createHash("sha256");
    let last = "";
    await asLocalOperator(
      homeOf(context, options.home),
      { tenant: options.tenant, role: "supervisor" },
      async (call) => {
        const stream = await exportDeidentified(call, { least: options.least }).open();
        async function* hashed(): AsyncGenerator<Buffer> {
          for await (const piece of stream as AsyncIterable<Buffer>) {
            hash.update(piece);
            last = (last + piece.toString("utf8")).slice(-4000);
            yield piece;
          }
        }
        await writeFileAtomic(path, hashed(), { mode: 0o600 });
      },
    );
    const { persons, counts, suppressed } = JSON.parse(last.trimEnd().split("\n").at(-1) ?? "") as {
      persons: number;
      counts: Record<string, number>;
      suppressed: { rows: number; values: number };
    };
    return {
      exitCode: 0,
      document: { out: path, persons, counts, suppressed, least: options.least, sha256: hash.digest("hex") },
      text: `Wrote ${persons} persons to ${path}: ${Object.entries(counts)
        .map(([name, count]) => `${count} ${name}`)
        .join(", ")}; ${suppressed.rows} rows left out, ${suppressed.values} values blanked.\n`,
    };
  },
});
