import { z } from "zod";
import { checkDataSet, readManifest } from "../../data/index.ts";
import { defineCommand } from "../framework/command.ts";
import { dataFlags, outFolder } from "./folders.ts";
import { formatStatus } from "./status.format.ts";

export default defineCommand({
  name: "status",
  summary: "Check a built data set against its manifest",
  options: z.strictObject({ home: dataFlags.home, config: dataFlags.config, out: dataFlags.out }),
  examples: [
    {
      line: "training-ready data status --out built",
      does: "recomputes the root and the hash of every listed file",
    },
  ],
  async run({ options }, context) {
    const out = outFolder(options, context);
    const manifest = await readManifest(out);
    const check = await checkDataSet(out, manifest);
    const ok = check.rootMatches && check.changed.length === 0;
    const document = { ok, out, root: manifest.root, ...check, manifest };
    return { exitCode: ok ? 0 : 1, document, text: formatStatus(manifest, check, out) };
  },
});
