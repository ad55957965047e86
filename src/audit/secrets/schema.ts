/** Where a secret stands: kind and place, never the value or a hash of it. `start`, `end`: bytes on disk. */
export type SecretPlace = { kind: string; line: number; start: number; end: number };

/** A comment `training-ready: ignore[rule, …]`; it covers its own line and the next. */
export type InlineIgnore = { line: number; rules: string[] };

/** What one look at a text file gives, beside its references. */
export type FileScan = { secrets: SecretPlace[]; ignores: InlineIgnore[] };
