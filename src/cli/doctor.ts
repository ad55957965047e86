import { z } from "zod";
import { checkMachine } from "./doctor-checks.ts";
import { formatDoctor } from "./doctor.format.ts";
import { defineCommand } from "./framework/command.ts";

export default defineCommand({
  name: "doctor",
  summary: "Show what this machine has, what is missing and how to get it",
  options: z.strictObject({}),
  examples: [
    {
      line: "training-ready doctor",
      does: "checks programs, cache and disk; exits 1 if something required is missing",
    },
  ],
  async run(_, context) {
    const checks = await checkMachine({ environment: context.environment, cwd: context.cwd });
    const wrong = checks.some((one) => one.required && one.state !== "ok");
    return { exitCode: wrong ? 1 : 0, document: { ok: !wrong, checks }, text: formatDoctor(checks) };
  },
});
