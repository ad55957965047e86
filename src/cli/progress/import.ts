import { closeSync, existsSync, openSync, readFileSync, readSync } from "node:fs";
import { z } from "zod";
import { importClient, importOld, inferencePrincipal, openStore, openToRead } from "../../progress/index.ts";
import { sha256File, TrainingReadyError } from "../../shared/index.ts";
import { defineCommand } from "../framework/command.ts";
import { userPath } from "../framework/run.ts";
import { homeFlag, homeOf } from "./flags.ts";
import { formatImport } from "./import.format.ts";

function isDatabase(path: string): boolean {
  const head = Buffer.alloc(15);
  const file = openSync(path, "r");
  try {
    readSync(file, head, 0, 15, 0);
  } finally {
    closeSync(file);
  }
  return head.toString("latin1") === "SQLite format 3";
}

export default defineCommand({
  name: "import",
  summary: "Take in the former tracker's database, or a client's JSON export",
  description:
    "A database: its sessions, goals and milestones, with counts and a hash a table; rows that do not fit are named by place and field, and the exit code is 1. Times without a zone are taken as UTC; old crisis flags stay with their sessions and open no risk event. A JSON export makes the same client again, or nothing.",
  arguments: [
    { name: "FILE", description: "OLD.db, or what `progress export` wrote as json", required: true },
  ],
  options: z.strictObject({
    home: homeFlag,
    tenant: z.string().min(1).max(200).meta({ description: "whose clients; made if new", value: "NAME" }),
  }),
  writes: true,
  examples: [
    {
      line: "training-ready progress import old.db --tenant clinic --yes",
      does: "takes in the former tracker's records",
    },
  ],
  async run({ options, arguments: [file = ""] }, context) {
    const path = userPath(context, file);
    if (!existsSync(path))
      throw new TrainingReadyError("E_FILE_MISSING", `${path} does not exist`, { exitCode: 1 });
    if (!(await context.confirm(`Import ${path} into the clients of ${options.tenant}?`))) return 2;
    const store = await openStore(homeOf(context, options.home));
    try {
      const call = {
        store,
        principal: { ...inferencePrincipal(store, options.tenant), id: "local-operator" },
      };
      const sha256 = await sha256File(path);
      if (!isDatabase(path)) {
        let written: unknown;
        try {
          written = JSON.parse(readFileSync(path, "utf8"));
        } catch (cause) {
          throw new TrainingReadyError("E_FILE_UNREADABLE", `${path} is neither a database nor JSON`, {
            cause,
            exitCode: 1,
          });
        }
        const client = importClient(call, written);
        store.checkpoint();
        const document = { kind: "export" as const, file: path, file_sha256: sha256, ...client };
        return { exitCode: 0, document, text: formatImport(document) };
      }
      const old = openToRead(path);
      try {
        const done = importOld(call, old);
        store.checkpoint();
        const refused = done.tables.reduce((sum, one) => sum + one.refused.length, 0);
        if (done.tables.length === 0)
          throw new TrainingReadyError("E_FILE_UNREADABLE", `${path} has no sessions, goals or milestones`, {
            exitCode: 1,
          });
        const document = { kind: "database" as const, file: path, file_sha256: sha256, ...done };
        return { exitCode: refused > 0 ? 1 : 0, document, text: formatImport(document) };
      } finally {
        old.close();
      }
    } finally {
      store.close();
    }
  },
});
