import { eraseState, openState, type ClientName, type State } from "../inference/index.ts";
import type { ErasedElsewhere } from "../progress/index.ts";
import { TrainingReadyError } from "../shared/index.ts";

/** Erases what an inference service keeps of a client; nothing kept is nothing erased. */
export function eraseFromState(state: State, name: ClientName): ErasedElsewhere {
  try {
    const { sessions, reviews, waiting } = eraseState(state, name);
    return { sessions, reviews, waiting_turns: waiting };
  } catch (error) {
    if (!(error instanceof TrainingReadyError) || error.code !== "E_NOT_FOUND") throw error;
    return { sessions: 0, reviews: 0, waiting_turns: 0 };
  }
}

/** Erases from the state in a folder, which another thread has open. */
export async function erasesFrom(folder: string): Promise<(name: ClientName) => ErasedElsewhere> {
  const state = await openState(folder, { mustExist: true });
  return (name) => eraseFromState(state, name);
}
