import { z } from "zod";
import { addForgotten } from "../../data/index.ts";
import { TrainingReadyError } from "../../shared/index.ts";
import { defineCommand } from "../framework/command.ts";
import { dataFlags, dataFolders } from "./folders.ts";
import { runBuild } from "./run-build.ts";

export default defineCommand({
  name: "forget",
  summary: "Take a client out of the data set, now and in every later build",
  description:
    "Keeps a keyed hash of the client beside the config and builds again. Sources are not changed: delete the client there too.",
  arguments: [{ name: "CLIENT", description: "the client as the sources name them", required: true }],
  options: z.strictObject(dataFlags),
  writes: true,
  examples: [
    {
      line: "training-ready data forget client-17 --out built --yes",
      does: "builds again without that client",
    },
  ],
  async run({ options, arguments: [client] }, context) {
    if (client === undefined || client.trim() === "") {
      throw new TrainingReadyError("E_CLI_ARGUMENT", "data forget needs CLIENT");
    }
    const { folder, out } = await dataFolders(options, context);
    if (!(await context.confirm(`Forget this client in ${folder} and build ${out} again?`))) return 2;
    const isNew = await addForgotten(folder, client);
    const result = await runBuild(options, context);
    return { ...result, document: { ...result.document, forgotten: isNew } };
  },
});
