import { z } from "zod";
import { fleetOf, usualShare } from "../../progress/index.ts";
import { defineCommand } from "../framework/command.ts";
import { homeFlag, homeOf, tenantFlag } from "./flags.ts";
import { formatFleet } from "./fleet.format.ts";
import { asLocalOperator } from "./local-call.ts";

export default defineCommand({
  name: "fleet",
  summary: "Say what the models did, and whether a version's rollout must hold",
  description:
    "Exits 1 if a version that is in use has a signal: the share of clients in deterioration has risen (CUSUM). Described only; who met which model was not drawn by lot.",
  options: z.strictObject({
    home: homeFlag,
    tenant: tenantFlag,
    days: z.int().min(1).max(3650).default(30).meta({ description: "days back for the counts", value: "N" }),
    p0: z
      .number()
      .min(0.001)
      .max(0.5)
      .default(usualShare)
      .meta({ description: "usual share of clients who deteriorate", value: "SHARE" }),
  }),
  examples: [
    {
      line: "training-ready progress fleet --home training_ready --json",
      does: "prints the counts and the state of each version",
    },
  ],
  async run({ options }, context) {
    const fleet = await asLocalOperator(
      homeOf(context, options.home),
      { tenant: options.tenant, role: "supervisor" },
      (call) => fleetOf(call, options.days, options.p0),
    );
    const isHeld = fleet.versions.some((one) => one.rollout === "hold" && one.to === null);
    return {
      exitCode: isHeld ? 1 : 0,
      document: { hold: isHeld, ...fleet },
      text: formatFleet(fleet, isHeld),
    };
  },
});
