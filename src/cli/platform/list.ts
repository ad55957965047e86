import { z } from "zod";
import { asker, installedTools, platforms } from "../../platforms/index.ts";
import { defineCommand } from "../framework/command.ts";
import { formatList, formatStores } from "./list.format.ts";
import { driveCarrier } from "./sync-place.ts";

export default defineCommand({
  name: "list",
  summary: "What each platform can do, what is installed here, what is missing",
  options: z.strictObject({}),
  examples: [{ line: "training-ready platform list", does: "lists the platforms and their programs" }],
  async run(_, context) {
    const ask = asker({ environment: context.environment, cwd: context.cwd, signal: context.signal });
    const listed = [];
    for (const platform of platforms) {
      const tools = await installedTools(platform, ask);
      const actions = platform.actions.map(({ path, summary }) => ({ path, summary }));
      listed.push({ name: platform.name, title: platform.title, can: platform.can, actions, tools });
    }
    const { through, rclone } = await driveCarrier(context);
    const stores = [
      { name: "s3", through: "rest", rclone: null },
      { name: "drive", through, rclone },
    ];
    return {
      exitCode: 0,
      document: { platforms: listed, stores },
      text: `${formatList(listed)}\n${formatStores(stores)}`,
    };
  },
});
