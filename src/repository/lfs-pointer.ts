/** What a Git LFS pointer stands for. */
export type LfsPointer = { sha256: string; size: number };

const pointer =
  /^version https:\/\/git-lfs\.github\.com\/spec\/v1\n(?:ext-[^\n]*\n)*oid sha256:([0-9a-f]{64})\nsize (\d+)\n?$/;

/** Reads a Git LFS pointer file (at most 1,024 bytes by its specification); undefined for anything else. */
export function parseLfsPointer(bytes: Uint8Array): LfsPointer | undefined {
  if (bytes.length > 1024) return undefined;
  const match = pointer.exec(Buffer.from(bytes).toString("latin1"));
  return match === null ? undefined : { sha256: match[1] as string, size: Number(match[2]) };
}
