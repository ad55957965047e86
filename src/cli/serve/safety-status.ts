import { z } from "zod";
import {
  configurationHash,
  isOld,
  isVerified,
  partsOf,
  readSafety,
  type Resource,
} from "../../safety/index.ts";
import { defineCommand } from "../framework/command.ts";
import { userPath } from "../framework/run.ts";
import { homeFlag } from "./flags.ts";
import { formatStanding } from "./safety.format.ts";

const named = ({ country, kind, name, verified_at }: Resource) => ({ country, kind, name, verified_at });

export default defineCommand({
  name: "status",
  summary: "Show who signed a home's safety configuration, what changed since and what is not verified",
  description: "Exits 0 with a sign-off that counts, 1 without one.",
  options: z.strictObject(homeFlag),
  examples: [
    {
      line: "training-ready serve safety status --home training_ready",
      does: "shows the sign-off, or what broke it",
    },
  ],
  async run({ options }, context) {
    const { configuration, isOwn, standing } = await readSafety(userPath(context, options.home));
    const { resources } = configuration;
    const now = Date.now();
    const signOff = standing.state === "unsigned" ? undefined : standing.signOff;
    const { parts: _, ...facts } = signOff ?? { parts: {} };
    const status = {
      state: standing.state,
      source: isOwn ? ("home" as const) : ("drafts" as const),
      hash: configurationHash(partsOf(configuration)),
      reasons: standing.state === "broken" ? standing.reasons : [],
      unverified: resources.filter((row) => !isVerified(row)).map(named),
      old: resources.filter((row) => isOld(row, now)).map(named),
    };
    return {
      exitCode: standing.state === "signed" ? 0 : 1,
      document: { ...status, signOff: signOff === undefined ? null : facts },
      text: formatStanding({ ...status, rows: resources.length, signOff }),
    };
  },
});
