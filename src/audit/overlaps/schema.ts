import type { CopyFamily, CopyPair, ConfigPair, ExactGroup, FolderPair } from "../report.ts";
import type { Fingerprint } from "./fingerprint.ts";

/** Everything that lies more than once, wholly or in part. `notes`: where a bound was reached. */
export type Overlaps = {
  groups: ExactGroup[];
  boilerplate: { groups: number; files: number };
  folders: FolderPair[];
  copies: CopyPair[];
  families: CopyFamily[];
  configs: ConfigPair[];
  notes: { code: string; message: string; path?: string }[];
};

/** Equal bytes, wherever they lie: one text to compare. `path`: the first of `paths`. */
export type TextBlob = { blob: string; path: string; paths: string[]; fingerprint: Fingerprint };
