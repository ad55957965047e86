import { add, multiply } from "./permutations.ts";
import { textKernel } from "./text-kernel.ts";

/** The thread's kernel; undefined where the processor has no 128-bit lanes: plain script does the same then. */
export const kernel = textKernel(multiply, add);
