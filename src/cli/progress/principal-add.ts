import { z } from "zod";
import { addPrincipal, openStore, principalKinds, principalRoles } from "../../progress/index.ts";
import { TrainingReadyError } from "../../shared/index.ts";
import { defineCommand } from "../framework/command.ts";
import { homeFlag, homeOf } from "./flags.ts";
import { formatPrincipal } from "./principal-add.format.ts";

export default defineCommand({
  name: "add",
  summary: "Give somebody or something a key to the tracker",
  description:
    "Prints the token once; only its hash is kept. A service without --client reaches every client of its tenant and may make new ones.",
  options: z.strictObject({
    home: homeFlag,
    tenant: z.string().min(1).max(200).meta({ description: "whose clients; made if new", value: "NAME" }),
    kind: z.enum(principalKinds).meta({ description: "who holds the key" }),
    role: z.enum(principalRoles).meta({ description: "what it may do" }),
    client: z
      .array(z.string().min(1).max(200))
      .default([])
      .meta({ description: "a client in its care; made if new", value: "ID" }),
    name: z.string().min(1).max(200).optional().meta({ description: "shown where the ledger is read" }),
    subject: z
      .string()
      .min(1)
      .max(500)
      .optional()
      .meta({ description: "issuer|sub of a person at the identity provider", value: "ID" }),
  }),
  writes: true,
  examples: [
    {
      line: "training-ready progress principal add --tenant clinic --kind human --role clinician --client c-17 --yes",
      does: "makes a clinician's key for one client",
    },
  ],
  async run({ options }, context) {
    const { tenant, kind, role, client: clients, name, subject } = options;
    if ((kind === "model") !== (role === "model"))
      throw new TrainingReadyError("E_CLI_ARGUMENT", `a ${kind} cannot have the role ${role}.`);
    if (!(await context.confirm(`Add a ${kind} with role ${role} to ${tenant}?`))) return 2;
    const store = await openStore(homeOf(context, options.home));
    try {
      const made = addPrincipal(store, { tenant, kind, role, clients, name, subject });
      store.checkpoint();
      return { exitCode: 0, document: { ...made, tenant, kind, role, clients }, text: formatPrincipal(made) };
    } finally {
      store.close();
    }
  },
});
