import { z } from "zod";
import {
  addForgotten,
  countDropped,
  listVersions,
  readForgotten,
  readPushedPlaces,
} from "../../data/index.ts";
import { TrainingReadyError } from "../../shared/index.ts";
import { remoteFolder } from "../../storage/index.ts";
import { defineCommand } from "../framework/command.ts";
import { dataFlags, dataFolders } from "./folders.ts";
import { formatPushed, type PushedPlace } from "./prune.format.ts";
import { runBuild } from "./run-build.ts";

/** What the places that this home pushed to still hold of before. One that cannot be asked is named with the reason. */
async function versionsBefore(folder: string, cwd: string): Promise<PushedPlace[]> {
  const forgotten = await readForgotten(folder);
  const places: PushedPlace[] = [];
  for (const place of await readPushedPlaces(folder)) {
    try {
      const versions = await listVersions(remoteFolder(place, cwd), forgotten);
      const before = versions.filter((one) => one.isBefore === true);
      places.push({ place, before: before.map(({ hash, root, isCurrent }) => ({ hash, root, isCurrent })) });
    } catch (error) {
      if (!(error instanceof TrainingReadyError)) throw error;
      places.push({ place, error: `${error.code}: ${error.message}` });
    }
  }
  return places;
}

export default defineCommand({
  name: "forget",
  summary: "Take a client out of the data set, now and in every later build",
  description:
    "Keeps a keyed hash of the client beside the config and builds again. Sources are not changed: delete the client there too. Places that `data push` sent this home's data sets to are asked which of their versions were built before: `data prune URI --forgotten` removes those.",
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
    // None stands, or a damaged one: that keeps nobody from being forgotten.
    const before = await countDropped(out, "forgotten").catch(() => 0);
    const isNew = await addForgotten(folder, client);
    const result = await runBuild(options, context);
    const items = await countDropped(out, "forgotten");
    if (isNew && items === before)
      context.notice(
        "warning: no item of that client was found in the sources. Is it spelt as there, and does `group.client` of the source name its column?",
      );
    const pushed = await versionsBefore(folder, context.cwd);
    return {
      ...result,
      document: { ...result.document, forgotten: isNew, leftOut: items, pushed },
      text: `${result.text}\nleft out, of all who were forgotten: ${items} items\n${formatPushed(pushed)}`,
    };
  },
});
