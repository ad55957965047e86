import { z } from "zod";
import { listKeys } from "../../inference/index.ts";
import { defineCommand } from "../framework/command.ts";
import { stateFlags, withState } from "./flags.ts";
import { formatKeys } from "./keys.format.ts";

export default defineCommand({
  name: "list",
  summary: "Show every key to the inference service, without its secret",
  options: z.strictObject(stateFlags),
  examples: [
    { line: "training-ready serve keys list", does: "shows the home's keys and whether they count" },
  ],
  async run({ options }, context) {
    const keys = await withState(context, { ...options, mustExist: true }, listKeys);
    return { exitCode: 0, document: { keys }, text: formatKeys(keys, Date.now()) };
  },
});
