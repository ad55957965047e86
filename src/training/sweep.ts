import { TrainingReadyError } from "../shared/index.ts";

export type Variant = { name: string; assignments: string[] };

const mostVariants = 64;

/** The values of `key=a,b`; a value in brackets, braces or quotes is one value. */
function valuesOf(text: string): string[] {
  return /^\s*[[{"']/.test(text) ? [text] : text.split(",").map((one) => one.trim());
}

/**
 * `--set` assignments with lists of values as every combination, each with a name for its folder.
 * @example
 * variantsOf(["lr=1e-4,2e-4", "seed=1"]).map((one) => one.name) // ["lr=1e-4", "lr=2e-4"]
 */
export function variantsOf(assignments: readonly string[]): Variant[] {
  let variants: Variant[] = [{ name: "", assignments: [] }];
  for (const assignment of assignments) {
    const equals = assignment.indexOf("=");
    const key = assignment.slice(0, Math.max(0, equals));
    const values = equals < 1 ? [assignment] : valuesOf(assignment.slice(equals + 1));
    variants = variants.flatMap((variant) =>
      values.map((value) => ({
        name: values.length > 1 ? [variant.name, `${key}=${value}`].filter(Boolean).join(" ") : variant.name,
        assignments: [...variant.assignments, equals < 1 ? assignment : `${key}=${value}`],
      })),
    );
  }
  if (variants.length > mostVariants) {
    throw new TrainingReadyError(
      "E_TRAIN_RECIPE",
      `a sweep of ${variants.length} runs is more than ${mostVariants}`,
      { exitCode: 1 },
    );
  }
  return variants;
}

/** A variant's folder name: no character that a file system minds. */
export const folderOf = (variant: Variant): string => variant.name.replaceAll(/[^\w.=+-]+/g, "_");
