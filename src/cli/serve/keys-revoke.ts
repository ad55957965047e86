import { z } from "zod";
import { revokeKey } from "../../inference/index.ts";
import { defineCommand } from "../framework/command.ts";
import { stateFlags, withState } from "./flags.ts";

export default defineCommand({
  name: "revoke",
  summary: "End a key to the inference service at once",
  arguments: [{ name: "ID", description: "the key's id, as `serve keys list` shows it", required: true }],
  options: z.strictObject(stateFlags),
  writes: true,
  examples: [
    {
      line: "training-ready serve keys revoke 0b8e6a52-6c1f-4b0e-9a0e-2f7c8d1b3a44 --yes",
      does: "ends that key; a running service refuses it from then on",
    },
  ],
  async run({ options, arguments: [id = ""] }, context) {
    if (!(await context.confirm(`Revoke the key ${id}?`))) return 2;
    const key = await withState(context, { ...options, mustExist: true }, (state) => revokeKey(state, id));
    return { exitCode: 0, document: { key }, text: `revoked ${key.id}\n` };
  },
});
