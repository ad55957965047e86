import { z } from "zod";
import { openState, type State } from "../../inference/index.ts";
import { homeState } from "../../service/index.ts";
import type { CommandContext } from "../framework/command.ts";
import { userPath } from "../framework/run.ts";

export const homeFlag = {
  home: z.string().default(".").meta({ description: "the training home", value: "DIR" }),
};

export const stateFlags = {
  ...homeFlag,
  state: z
    .string()
    .optional()
    .meta({ description: "the service's folder; HOME/inference if not given", value: "DIR" }),
};

/** Does something with a service's state and closes it. Throws as `openState` does. */
export async function withState<R>(
  context: CommandContext,
  options: { home: string; state?: string | undefined; mustExist: boolean },
  work: (state: State) => R,
): Promise<R> {
  const { home, state: named, mustExist } = options;
  const folder = named === undefined ? homeState(userPath(context, home)) : userPath(context, named);
  const state = await openState(folder, { mustExist });
  try {
    return work(state);
  } finally {
    state.close();
  }
}
