import type { Collision, MissingAnchor } from "../../references/index.ts";
import type { FileEntry } from "../../repository/index.ts";
import type { AuditReport, Evidence, Fix, FindingPlace, Severity } from "../report.ts";
import type { SecretPlace } from "../secrets/schema.ts";
import type { ManifestMismatch } from "../manifests/check-manifests.ts";
import type { RuleName } from "./rules.data.ts";

/** The rows of the report that findings are made of. */
export type FindingRows = Pick<
  AuditReport,
  "groups" | "folders" | "copies" | "families" | "configs" | "references" | "imports" | "entries"
>;

/** What else findings need to know. All of it is data; nothing is read. */
export type FindingContext = {
  packages: readonly { name: string; path: string }[];
  /** Files by path, as the tree lists them. */
  files: ReadonlyMap<string, FileEntry>;
  /** True for a file or folder that exists. */
  has(path: string): boolean;
  secrets: readonly (SecretPlace & { path: string })[];
  /** What extractors could not understand. */
  notes: readonly { path: string; code: string; message: string; line?: number }[];
  /** Links to headings that a page does not have. */
  missingAnchors?: readonly MissingAnchor[];
  /** Files that are not as a manifest states them. */
  mismatches?: readonly ManifestMismatch[];
  /** Modules of one name of which only one loads. */
  collisions?: readonly Collision[];
};

/** A finding before it has its id. `path` and `subject` name the cause, `places` show it, the first one most. */
export type Draft = {
  rule: RuleName;
  severity?: Severity;
  /** Hashed into the id: the file that is at fault, or empty for a cause that many files show. */
  path: string;
  subject: string;
  places: FindingPlace[];
  message: string;
  evidence: Evidence[];
};

export type { Fix };
