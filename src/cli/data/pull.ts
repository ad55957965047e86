import { z } from "zod";
import { pullDataSet } from "../../data/index.ts";
import { drain, TrainingReadyError } from "../../shared/index.ts";
import { remoteFolder } from "../../storage/index.ts";
import { defineCommand } from "../framework/command.ts";
import { dataFlags, outFolder } from "./folders.ts";
import { formatTransfer } from "./transfer.format.ts";

export default defineCommand({
  name: "pull",
  summary: "Fetch a data set from S3 or a folder and check every hash",
  description:
    "S3 takes AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION and, for a service of your own, AWS_ENDPOINT_URL_S3.",
  arguments: [{ name: "URI", description: "s3://bucket/prefix or a folder", required: true }],
  options: z.strictObject({
    home: dataFlags.home,
    out: dataFlags.out,
    root: z
      .string()
      .regex(/^[0-9a-f]{6,64}$/, "must be 6 to 64 hex digits")
      .optional()
      .meta({ description: "the version whose root begins so; default the newest", value: "HASH" }),
  }),
  examples: [
    {
      line: "training-ready data pull s3://team/data/v1 --out built",
      does: "fetches that data set into the folder built",
    },
  ],
  async run({ options, arguments: [uri] }, context) {
    if (uri === undefined) throw new TrainingReadyError("E_CLI_ARGUMENT", "data pull needs URI");
    const out = outFolder(options, context);
    const work = pullDataSet(out, remoteFolder(uri, context.cwd), options.root);
    const transfer = await drain(work, (event) => context.progress(event));
    return { exitCode: 0, document: { out, ...transfer }, text: formatTransfer(transfer) };
  },
});
