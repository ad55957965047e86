import { z } from "zod";
import { buildDataSet } from "../../data/index.ts";
import { drain, errorDocument, TrainingReadyError } from "../../shared/index.ts";
import { defineCommand } from "../framework/command.ts";
import { formatBuild } from "./build.format.ts";
import { dataFlags, dataFolders } from "./folders.ts";
import { workerCount } from "./workers.ts";

export default defineCommand({
  name: "build",
  summary: "Build the data set: acquire, process, modalities and synthesize",
  options: z.strictObject(dataFlags),
  examples: [
    {
      line: "training-ready data build --config training-ready.yaml --out built",
      does: "builds the data set of the config's sources into the folder built",
    },
  ],
  async run({ options }, context) {
    const { config, folder, out, workFolder, name } = await dataFolders(options, context);
    const { manifest, overQuarantined, warnings } = await drain(
      buildDataSet({
        config: config.data,
        folder,
        out,
        workFolder,
        name,
        workers: workerCount(options.workers),
        clock: () => new Date(),
        signal: context.signal,
      }),
      (event) => context.progress(event),
    );
    if (!context.json) for (const warning of warnings) context.notice(`warning: ${warning}`);
    const first = overQuarantined[0];
    if (first === undefined) {
      return {
        exitCode: 0,
        document: { ok: true, out, warnings, manifest },
        text: formatBuild(manifest, out),
      };
    }
    const limit = config.data.quarantine.max_share * 100;
    const said = overQuarantined
      .map((one) => `${one.quarantined} of ${one.read} items of source ${one.source}`)
      .join(", ");
    const error = new TrainingReadyError(
      "E_DATA_QUARANTINE",
      `${said} went to quarantine: more than ${limit} %. The data set was written all the same.`,
      { exitCode: 1 },
    );
    if (!context.json) context.notice(`${error.code}: ${error.message}\n${error.hint}`);
    return {
      exitCode: 1,
      document: { ok: false, out, warnings, manifest, overQuarantined, ...errorDocument(error) },
      text: formatBuild(manifest, out),
    };
  },
});
