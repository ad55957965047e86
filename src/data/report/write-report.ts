import { basename } from "node:path";
import { writeFileAtomic } from "../../shared/index.ts";
import type { Manifest } from "../schema.ts";
import { countDistributions } from "./distributions.ts";
import { reportPage } from "./page.ts";

/** Writes the page of a data set to a file. */
export async function writeDataReport(out: string, manifest: Manifest, file: string): Promise<void> {
  await writeFileAtomic(file, reportPage(basename(out), manifest, await countDistributions(out, manifest)));
}
