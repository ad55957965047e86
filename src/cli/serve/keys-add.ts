import { z } from "zod";
import { addKey, defaultLimits, keyRoles, scopes, scopesOfRole } from "../../inference/index.ts";
import { defineCommand } from "../framework/command.ts";
import { stateFlags, withState } from "./flags.ts";
import { formatNewKey } from "./keys.format.ts";

const dayMs = 86_400_000;
const limit = (what: string, value: number) =>
  z
    .int()
    .min(0)
    .max(10_000_000)
    .default(value)
    .meta({ description: `${what}; 0 is no limit` });

export default defineCommand({
  name: "add",
  summary: "Give somebody or something a key to the inference service",
  description:
    "Prints the token once; only its HMAC is kept. From the first key on every request needs one. A key without --client speaks for every client of its tenant. A running service takes the key at once.",
  options: z.strictObject({
    ...stateFlags,
    tenant: z.string().min(1).max(200).meta({ description: "whose clients", value: "NAME" }),
    name: z.string().max(200).default("").meta({ description: "what the key is for", value: "TEXT" }),
    role: z.enum(keyRoles).default("client").meta({ description: "what it may do" }),
    scope: z.array(z.enum(scopes)).default([]).meta({ description: "a right, instead of those of the role" }),
    client: z
      .array(z.string().min(1).max(200))
      .default([])
      .meta({ description: "a client that it speaks for", value: "ID" }),
    days: z.int().min(1).max(3660).optional().meta({ description: "days until it expires" }),
    requests: limit("requests a minute", defaultLimits.requests),
    tokens: limit("tokens a minute", defaultLimits.tokens),
    streams: limit("replies at a time", defaultLimits.streams),
  }),
  writes: true,
  examples: [
    {
      line: "training-ready serve keys add --tenant clinic --name app --yes",
      does: "makes a key for an app that speaks for all clients of a clinic",
    },
    {
      line: "training-ready serve keys add --tenant clinic --role clinician --days 90 --yes",
      does: "makes a reviewer's key that expires",
    },
  ],
  async run({ options }, context) {
    const { tenant, name, role, client, days, requests, tokens, streams } = options;
    const granted = options.scope.length === 0 ? scopesOfRole[role] : options.scope;
    if (!(await context.confirm(`Add a ${role}'s key for ${tenant} with ${granted.join(", ")}?`))) return 2;
    const clients = client.length === 0 ? null : [...new Set(client)];
    const made = await withState(context, { ...options, mustExist: false }, (state) =>
      addKey(state, {
        name,
        tenant,
        role,
        scopes: granted,
        clients,
        limits: { requests, tokens, streams },
        expiresAt: days === undefined ? null : state.now() + days * dayMs,
      }),
    );
    return {
      exitCode: 0,
      document: { ...made, tenant, role, scopes: granted, clients },
      text: formatNewKey(made),
    };
  },
});
