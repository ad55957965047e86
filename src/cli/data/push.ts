import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { notePushedPlace, pushDataSet } from "../../data/index.ts";
import { configFileName } from "../../home/index.ts";
import { drain, TrainingReadyError } from "../../shared/index.ts";
import { remoteFolder } from "../../storage/index.ts";
import { defineCommand } from "../framework/command.ts";
import { userPath } from "../framework/run.ts";
import { dataFlags, outFolder } from "./folders.ts";
import { formatTransfer } from "./transfer.format.ts";

export default defineCommand({
  name: "push",
  summary: "Send a data set to S3 or a folder; what is there already is skipped",
  description:
    "It becomes a new version beside the ones that are there: files under objects/ by their hashes, then the pointer CURRENT. A push that ends early changes nothing that can be pulled. A file that is there and damaged is sent again: its size and the store's ETag must be those of the file here, else it is read back; --verify reads all. The place is noted in the home's .training-ready/pushed.json, so that `data forget` can name it. S3 takes AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION and, for a service of your own, AWS_ENDPOINT_URL_S3.",
  arguments: [{ name: "URI", description: "s3://bucket/prefix or a folder", required: true }],
  options: z.strictObject({
    home: dataFlags.home,
    out: dataFlags.out,
    verify: z.boolean().default(false).meta({
      description: "reads back what is there already, instead of trusting what the store noted of it",
    }),
  }),
  examples: [
    {
      line: "training-ready data push s3://team/data/v1 --out built",
      does: "sends the data set of the folder built",
    },
  ],
  async run({ options, arguments: [uri] }, context) {
    if (uri === undefined) throw new TrainingReadyError("E_CLI_ARGUMENT", "data push needs URI");
    const out = outFolder(options, context);
    const place = remoteFolder(uri, context.cwd);
    const work = pushDataSet(out, place, () => new Date(), { readBack: options.verify });
    const transfer = await drain(work, (event) => context.progress(event));
    const home = userPath(context, options.home ?? ".");
    if (existsSync(join(home, configFileName))) await notePushedPlace(home, place.folder ?? uri);
    return { exitCode: 0, document: { out, ...transfer }, text: formatTransfer(transfer) };
  },
});
