import { existsSync } from "node:fs";
import { z } from "zod";
import { backupStore, openStore } from "../../progress/index.ts";
import { sha256File, TrainingReadyError } from "../../shared/index.ts";
import { defineCommand } from "../framework/command.ts";
import { userPath } from "../framework/run.ts";
import { homeFlag, homeOf } from "./flags.ts";

export default defineCommand({
  name: "backup",
  summary: "Copy the database while it is in use",
  description:
    "The copy is whole and sealed: one SQLite file, whatever the store lies on. It is worth nothing without progress/keys: keep a copy of these files elsewhere, apart from the backups. Who loses root.key loses every record.",
  options: z.strictObject({
    home: homeFlag,
    out: z.string().meta({ description: "the new file", value: "FILE" }),
  }),
  writes: true,
  examples: [
    {
      line: "training-ready progress backup --out tracker-backup.db --yes",
      does: "copies the sealed database",
    },
  ],
  async run({ options }, context) {
    const path = userPath(context, options.out);
    if (existsSync(path))
      throw new TrainingReadyError("E_CLI_ARGUMENT", `${path} exists.`, { hint: "Name a new file." });
    if (!(await context.confirm(`Copy the sealed database to ${path}?`))) return 2;
    const store = await openStore(homeOf(context, options.home), { mustExist: true });
    try {
      await backupStore(store, path);
    } catch (cause) {
      if (cause instanceof TrainingReadyError) throw cause;
      throw new TrainingReadyError("E_WRITE_FAILED", `${path} could not be written`, { cause });
    } finally {
      store.close();
    }
    context.notice("Keep progress/keys apart from it: without root.key nobody can read the backup.");
    return {
      exitCode: 0,
      document: { out: path, sha256: await sha256File(path) },
      text: `Copied to ${path}.\n`,
    };
  },
});
