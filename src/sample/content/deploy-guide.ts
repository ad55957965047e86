import type { World } from "../world.ts";

/** How to run on one machine; it moved out of the vanished folder with its bytes. */
export function deployGuide(w: World): string {
  const { names: n } = w;
  return `# One H100, step by step

1. Rent the machine and copy the package \`${w.resolves(n.therapeutic)}\`.
2. Install \`${w.resolves("configs/requirements_moe.txt", `${n.therapeutic}/configs/requirements_moe.txt`)}\`.
3. Put the data under \`${w.reference("/data/dialogues", "external", undefined, { accept: ["machine"] })}\` of the machine.
4. Start \`${w.resolves("training_scripts/train_optimized.py", `${n.therapeutic}/training_scripts/train_optimized.py`)}\` and watch the window.

Checkpoints are written every thirty minutes; the run stops in good order half an hour before the window closes.
`;
}
