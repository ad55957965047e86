import { join } from "node:path";
import { reviewOf, reviewPage, type Verification } from "../consolidate/index.ts";
import { redactSecrets, writeFileAtomic } from "../shared/index.ts";

/** Writes the review page of a verified consolidation into a folder and gives the page's path. */
export async function writeReview(root: string, folder: string, verification: Verification): Promise<string> {
  const path = join(folder, "consolidation.html");
  await writeFileAtomic(path, redactSecrets(reviewPage(await reviewOf(root, verification))));
  return path;
}
