import type { Ask, Platform } from "./action.ts";
import { docker } from "./docker/index.ts";
import { kubernetes } from "./kubernetes/index.ts";
import { lightning } from "./lightning/index.ts";
import { ovh } from "./ovh/index.ts";
import { slurm } from "./slurm/index.ts";

/** Every platform, in the order of the lists. */
export const platforms = [lightning, ovh, slurm, kubernetes, docker] as unknown as readonly Platform[];

export const platformNames: readonly string[] = platforms.map((one) => one.name);

export type ToolState = { program: string; found: string | null; install: string };

/** Which of a platform's own programs are here: runs version queries. */
export async function installedTools(platform: Platform, ask: Ask): Promise<ToolState[]> {
  return await Promise.all(
    platform.tools.map(async ({ argv, install }) => {
      const said = await ask(argv);
      const line =
        said === undefined || said.status !== 0 ? undefined : `${said.stdout}${said.stderr}`.trim();
      return { program: argv[0] as string, found: line?.split("\n")[0] ?? null, install };
    }),
  );
}
