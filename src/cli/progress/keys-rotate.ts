import { z } from "zod";
import {
  finishRotation,
  lockForServing,
  openStore,
  rotateClients,
  rotationStart,
} from "../../progress/index.ts";
import { defineCommand } from "../framework/command.ts";
import { homeFlag, homeOf } from "./flags.ts";

export default defineCommand({
  name: "rotate",
  summary: "Give the tracker a new root key, or its clients new keys",
  description:
    "The root key: every tenant's key is wrapped anew, and root.key is replaced; keep a copy of the new file, the former opens only former backups. --clients seals every value anew under new keys, some clients a transaction. Killed, either goes on when run again. Stop the service first.",
  options: z.strictObject({
    home: homeFlag,
    clients: z.boolean().default(false).meta({ description: "renew the clients' keys instead" }),
  }),
  writes: true,
  examples: [
    { line: "training-ready progress keys rotate --yes", does: "replaces the root key" },
    { line: "training-ready progress keys rotate --clients --yes", does: "seals every value anew" },
  ],
  async run({ options }, context) {
    const question = options.clients ? "Seal every value anew under new keys?" : "Replace the root key?";
    if (!(await context.confirm(question))) return 2;
    const store = await openStore(homeOf(context, options.home), { mustExist: true });
    try {
      const unlock = lockForServing(store);
      try {
        if (!options.clients) {
          const tenants = await store.rotateRoot();
          store.checkpoint();
          context.notice(
            "Copy progress/keys/root.key to where you keep it; the former copy opens only former backups.",
          );
          return {
            exitCode: 0,
            document: { tenants },
            text: `Wrapped the keys of ${tenants} tenants anew.\n`,
          };
        }
        const done = rotateClients(store, rotationStart(store));
        finishRotation(store);
        store.checkpoint();
        return {
          exitCode: 0,
          document: done,
          text: `Gave ${done.clients} clients new keys; sealed ${done.values} values anew.\n`,
        };
      } finally {
        unlock();
      }
    } finally {
      store.close();
    }
  },
});
