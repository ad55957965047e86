import { resolve } from "node:path";
import { z } from "zod";
import { createLog, tool, TrainingReadyError } from "../shared/index.ts";
import { serveProgress } from "../service/index.ts";
import { defineCommand } from "./framework/command.ts";

export default defineCommand({
  name: "serve",
  summary: "Serve the progress tracker over HTTP",
  description:
    "Prints its address once it answers and goes on until it is stopped; logs go to stderr. Without a principal it binds loopback only.",
  options: z.strictObject({
    home: z.string().default(".").meta({ description: "folder that keeps the store", value: "DIR" }),
    host: z.string().default("127.0.0.1").meta({ description: "address to bind", value: "ADDRESS" }),
    port: z.int().min(0).max(65_535).default(8080).meta({ description: "port; 0 takes a free one" }),
    only: z.enum(["inference", "progress"]).optional().meta({ description: "serve this part alone" }),
  }),
  examples: [
    {
      line: "training-ready serve --only progress --home training_ready --port 0",
      does: "serves the tracker on a free port of this machine",
    },
  ],
  async run({ options }, context) {
    if (options.only !== "progress")
      throw new TrainingReadyError("E_CLI_ARGUMENT", "only the progress part is served so far", {
        hint: "Add --only progress.",
      });
    const home = resolve(context.cwd, options.home);
    const log = createLog({ write: (line) => context.notice(line.trimEnd()) });
    const { host, port } = options;
    const service = await serveProgress({ home, host, port, log });
    const { url } = service;
    context.print(
      context.json ? `${JSON.stringify({ version: 1, tool, url, only: "progress" })}\n` : `${url}\n`,
    );
    await new Promise<void>((stop) => {
      if (context.signal.aborted) stop();
      else context.signal.addEventListener("abort", () => stop(), { once: true });
    });
    await service.close();
    return 0;
  },
});
