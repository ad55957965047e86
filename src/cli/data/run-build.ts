import { buildDataSet, type Manifest } from "../../data/index.ts";
import { drain, errorDocument, TrainingReadyError } from "../../shared/index.ts";
import type { CommandContext, CommandResult } from "../framework/command.ts";
import { formatBuild } from "./build.format.ts";
import { dataFolders, redisOf, refuseEngine, type FolderFlags } from "./folders.ts";
import { workerCount } from "./workers.ts";

type BuildFlags = FolderFlags & {
  workers?: number | undefined;
  engine: string;
  redis?: string | undefined;
  sample?: number | undefined;
};

/** Most that is not read for its encoding is of another one as a whole. */
function hintOf({ quarantined, conservation }: Manifest): { hint?: string } {
  if (2 * (quarantined["text.encoding"] ?? 0) < conservation.quarantined) return {};
  return {
    hint: "Most of it is no UTF-8: convert the file (`iconv -f WINDOWS-1252 -t UTF-8 FILE > NEW`, or from the encoding that it has). Place and code of each item stand in quarantine/.",
  };
}

/** Builds and says what came of it; exit 1 where a source went to quarantine by more than its share. */
export async function runBuild(options: BuildFlags, context: CommandContext): Promise<CommandResult> {
  refuseEngine(options);
  const { config, folder, out, workFolder, name } = await dataFolders(options, context);
  const { manifest, overQuarantined, warnings, isUnchanged } = await drain(
    buildDataSet({
      config: config.data,
      folder,
      out,
      workFolder,
      name,
      workers: workerCount(options.workers),
      redis: redisOf(options, context.environment),
      clock: () => new Date(),
      signal: context.signal,
      sample: options.sample,
    }),
    (event) => context.progress(event),
  );
  if (!context.json) for (const warning of warnings) context.notice(`warning: ${warning}`);
  const text = `${formatBuild(manifest, out)}${isUnchanged ? "unchanged: sources, config and code are those it was built from\n" : ""}`;
  if (overQuarantined.length === 0)
    return { exitCode: 0, document: { ok: true, out, unchanged: isUnchanged, warnings, manifest }, text };
  const limit = config.data.quarantine.max_share * 100;
  const said = overQuarantined
    .map((one) => `${one.quarantined} of ${one.read} items of source ${one.source}`)
    .join(", ");
  const error = new TrainingReadyError(
    "E_DATA_QUARANTINE",
    `${said} went to quarantine: more than ${limit} %. The data set was written all the same.`,
    { exitCode: 1, ...hintOf(manifest) },
  );
  if (!context.json) context.notice(`${error.code}: ${error.message}\n${error.hint}`);
  const document = { ok: false, out, warnings, manifest, overQuarantined, ...errorDocument(error) };
  return { exitCode: 1, document, text };
}
