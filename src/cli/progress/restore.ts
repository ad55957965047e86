import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import {
  databaseSetting,
  fillStore,
  openStore,
  openToRead,
  proveReadable,
  storePaths,
} from "../../progress/index.ts";
import { sha256File, TrainingReadyError } from "../../shared/index.ts";
import { defineCommand } from "../framework/command.ts";
import { userPath } from "../framework/run.ts";
import { homeFlag, homeOf } from "./flags.ts";

const sqlite = { kind: "sqlite" } as const;

function layOutKeys(home: string, keys: string): void {
  const { folder } = storePaths(home);
  mkdirSync(join(folder, "keys"), { recursive: true, mode: 0o700 });
  for (const name of ["root.key", "ledger-signing.pem", "ledger-signing.pem.pub"])
    copyFileSync(join(keys, name), join(folder, "keys", name));
}

/** Lays a backup and its keys out as a home's store in a file; the keys go first. */
function layOut(home: string, backup: string, keys: string): void {
  layOutKeys(home, keys);
  copyFileSync(backup, storePaths(home).database);
}

/** Fills the empty server of a home from a store in a file that was proved. */
async function fill(home: string, proved: string, keys: string): Promise<void> {
  const held = storePaths(home).rootKey;
  const isNew = !existsSync(held);
  if (!isNew && readFileSync(held, "utf8") !== readFileSync(join(keys, "root.key"), "utf8"))
    throw new TrainingReadyError("E_OCCUPIED", `${held} is another key`, {
      hint: "Name a --home without a tracker's keys.",
    });
  layOutKeys(home, keys);
  try {
    const store = await openStore(home);
    const source = await openStore(proved, { mustExist: true, database: sqlite });
    try {
      fillStore(store, source.database);
      store.checkpoint();
    } finally {
      source.close();
      store.close();
    }
  } catch (error) {
    if (isNew) rmSync(join(storePaths(home).folder, "keys"), { recursive: true });
    throw error;
  }
}

/** Opens every sealed value and walks the ledger. */
async function proved(home: string): Promise<{ clients: number; values: number; ledger: number }> {
  const store = await openStore(home, { mustExist: true, database: sqlite });
  try {
    const { ok, rows, firstBroken } = store.verifyLedger();
    if (!ok)
      throw new TrainingReadyError("E_SEAL_BROKEN", `the backup's ledger is broken at entry ${firstBroken}`, {
        exitCode: 1,
      });
    return { ...proveReadable(store), ledger: rows };
  } finally {
    store.close();
  }
}

export default defineCommand({
  name: "restore",
  summary: "Make a home's tracker from a backup and its keys, or only prove that it could be",
  description:
    "First, in a temporary folder: every sealed value is opened and the whole ledger walked. --drill ends there. A home whose setting names a PostgreSQL server gets its rows into that, if it is empty. What was recorded after the backup is not in it.",
  arguments: [{ name: "BACKUP", description: "what `progress backup` wrote", required: true }],
  options: z.strictObject({
    home: homeFlag,
    keys: z.string().meta({ description: "folder with root.key and ledger-signing.pem", value: "DIR" }),
    drill: z.boolean().default(false).meta({ description: "prove it and write nothing into the home" }),
  }),
  writes: true,
  examples: [
    {
      line: "training-ready progress restore tracker-backup.db --keys keys-copy --drill --yes",
      does: "proves that the backup can be read",
    },
  ],
  async run({ options, arguments: [file = ""] }, context) {
    const backup = userPath(context, file);
    const keys = userPath(context, options.keys);
    const home = homeOf(context, options.home);
    for (const path of [backup, join(keys, "root.key"), join(keys, "ledger-signing.pem")])
      if (!existsSync(path))
        throw new TrainingReadyError("E_FILE_MISSING", `${path} does not exist`, { exitCode: 1 });
    const setting = await databaseSetting(home);
    const target = storePaths(home).database;
    if (!options.drill && setting.kind === "sqlite" && existsSync(target))
      throw new TrainingReadyError("E_OCCUPIED", `${target} exists`, {
        hint: "Name a --home without a tracker.",
      });
    openToRead(backup).close();
    if (!options.drill && !(await context.confirm(`Restore ${backup} into ${home}?`))) return 2;
    const temporary = mkdtempSync(join(tmpdir(), "training-ready-restore-"));
    try {
      layOut(temporary, backup, keys);
      const found = await proved(temporary);
      if (!options.drill && setting.kind === "postgres") await fill(home, temporary, keys);
      else if (!options.drill) {
        layOut(home, backup, keys);
        const store = await openStore(home, { mustExist: true });
        store.checkpoint();
        store.close();
      }
      const document = { restored: !options.drill, home, sha256: await sha256File(backup), ...found };
      const words = options.drill ? "The backup can be restored" : `Restored into ${home}`;
      return {
        exitCode: 0,
        document,
        text: `${words}: ${found.clients} clients, ${found.values} sealed values opened, ${found.ledger} ledger entries whole.\n`,
      };
    } finally {
      rmSync(temporary, { recursive: true, force: true });
    }
  },
});
