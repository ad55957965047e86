import { join } from "node:path";
import { z } from "zod";
import {
  applyRetention,
  openStore,
  planRetention,
  readRetention,
  type RetentionPlan,
} from "../../progress/index.ts";
import { TrainingReadyError } from "../../shared/index.ts";
import { defineCommand } from "../framework/command.ts";
import { userPath } from "../framework/run.ts";
import { homeFlag, homeOf } from "./flags.ts";
import { formatRetention } from "./retention.format.ts";

export default defineCommand({
  name: "retention",
  summary: "Delete what the site's rules no longer let it keep",
  description:
    "Rules in days, by class: turns, sessions, measures, goals, homework, risk_events; and clients, after so long without any record. Without --yes it only says what it would delete. A legal hold and an open risk event win over every rule.",
  options: z.strictObject({
    home: homeFlag,
    rules: z
      .string()
      .optional()
      .meta({ description: "the rules; default: progress/retention.json in the home", value: "FILE" }),
  }),
  writes: true,
  examples: [
    { line: "training-ready progress retention", does: "says what the rules would delete" },
    { line: "training-ready progress retention --yes", does: "deletes it" },
  ],
  async run({ options }, context) {
    const home = homeOf(context, options.home);
    const rules = readRetention(
      options.rules === undefined ? join(home, "progress/retention.json") : userPath(context, options.rules),
    );
    const store = await openStore(home, { mustExist: true });
    try {
      const plan = planRetention(store, rules);
      const shown = (done: RetentionPlan, deleted: boolean) => ({
        exitCode: 0 as const,
        document: { deleted, ...done },
        text: formatRetention(done, deleted),
      });
      const nothing = plan.clients === 0 && plan.classes.every((one) => one.records === 0);
      if (nothing) return shown(plan, false);
      try {
        if (!(await context.confirm(`Delete for good?\n${formatRetention(plan, false)}`))) return 2;
      } catch (error) {
        if (error instanceof TrainingReadyError && error.code === "E_NEEDS_YES") return shown(plan, false);
        throw error;
      }
      const done = applyRetention(store, rules);
      store.checkpoint();
      return shown(done, true);
    } finally {
      store.close();
    }
  },
});
