import type {
  Confidence,
  EntryPoint,
  Evidence,
  Fix,
  ImportReference,
  Reference,
} from "../references/index.ts";

export type Severity = "note" | "warning" | "error";

export type Place = { path: string; line: number; start: number; end: number };

/** One of the places that show a cause: `target` is what it names, `fix` replaces bytes of `path`. */
export type FindingPlace = {
  path: string;
  line: number;
  start?: number;
  end?: number;
  target?: string;
  fix?: Fix;
  /** True if the baseline holds it, of a cause that has new places too. */
  known?: true;
};

/** One cause, however many places show it. The id hashes rule, path, subject and ordinal, never the line. */
export type Finding = {
  id: string;
  rule: string;
  severity: Severity;
  at: Place;
  places: FindingPlace[];
  message: string;
  evidence: Evidence[];
  fix?: Fix;
  /** What is wrong, as the id hashes it: the dead path, the module, the other file. Never a secret. */
  subject?: string;
  /** True if the baseline holds it: it does not fail the run. */
  known?: true;
};

export type PackageReport = {
  name: string;
  path: string;
  signals: { kind: string; path: string }[];
  files: number;
  bytes: number;
  pinned: boolean;
  /** What it holds, by role; paths in order. */
  contents?: { role: string; paths: string[] }[];
  /** What its own README says it is for, and where. */
  purpose?: { text: string; path: string; line: number };
};

/** Two paths or more with the same bytes. */
export type ExactGroup = { blob: string; bytes: number; paths: string[] };

export type FolderPair = {
  a: string;
  b: string;
  identical: number;
  similar: number;
  onlyA: string[];
  onlyB: string[];
};

/** `a` is the older or derived one. `behind`: versions of `b` that came after the one that `a` equals. */
export type CopyPair = {
  a: string;
  b: string;
  relation: "older" | "diverged" | "similar" | "format-only";
  containment: number;
  commit?: string;
  behind?: number;
  evidence: Evidence[];
};

/**
 * Near copies around one centre; each member resembles the centre, not only another member. `deliberate`: so many that
 * they are a way of working (self-contained examples), no defect: their pairs are not in `copies`.
 */
export type CopyFamily = {
  centre: string;
  members: { path: string; containment: number }[];
  deliberate: boolean;
};

export type ConfigPair = { a: string; b: string; differences: { key: string; a?: unknown; b?: unknown }[] };

export type DatasetReport = {
  name: string;
  state: "present" | "remote" | "missing" | "regenerable";
  pointer?: string;
  mentions: { path: string; line: number }[];
};

export type AuditWarning = { code: string; message: string; path?: string };

/** What the audit found: `audit.json`, in the form of the outside contract. */
export type AuditReport = {
  summary: Record<string, number>;
  repository: {
    root: string;
    commit: string | null;
    dirty: boolean;
    mount: string | null;
    historyReaches: string | null;
  };
  packages: PackageReport[];
  groups: ExactGroup[];
  boilerplate: { groups: number; files: number };
  folders: FolderPair[];
  copies: CopyPair[];
  families?: CopyFamily[];
  configs: ConfigPair[];
  references: Reference[];
  imports: ImportReference[];
  entries: EntryPoint[];
  datasets: DatasetReport[];
  findings: Finding[];
  warnings: AuditWarning[];
};

export type { Confidence, Evidence, Fix };
