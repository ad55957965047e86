import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";

/** How a file is packed, told by its first bytes. */
export type Packing = "gzip" | "zstd";

/** Bytes of a packed stream, unpacked. A damaged or cut one ends early, having given what came before; `isCut` says so. */
export type Unpacked = { chunks: AsyncIterable<Uint8Array>; isCut: () => boolean };

/** The packing that a file's first bytes show: RFC 1952, RFC 8878. */
export function packingOf(start: Uint8Array): Packing | null {
  if (start[0] === 0x1f && start[1] === 0x8b) return "gzip";
  // A frame's magic number, or that of a skippable frame.
  const isZstd =
    (start[0] === 0x28 && start[1] === 0xb5) || ((start[0] as number) >> 4 === 5 && start[1] === 0x2a);
  return isZstd && (start[2] === 0x2f || start[2] === 0x4d) && (start[3] === 0xfd || start[3] === 0x18)
    ? "zstd"
    : null;
}

export function unpack(chunks: AsyncIterable<Uint8Array>, packing: Packing): Unpacked {
  return packing === "gzip" ? unpackGzip(chunks) : unpackZstd(chunks);
}

function unpackGzip(chunks: AsyncIterable<Uint8Array>): Unpacked {
  let isCut = false;
  async function* unpacked(): AsyncGenerator<Uint8Array, void> {
    const source = Readable.from(chunks);
    const gunzip = createGunzip();
    let sourceError: unknown;
    source.on("error", (error) => {
      sourceError = error;
      gunzip.destroy(error);
    });
    source.pipe(gunzip);
    try {
      for await (const chunk of gunzip) yield chunk as Uint8Array;
    } catch (error) {
      if (sourceError !== undefined) throw sourceError;
      if ((error as NodeJS.ErrnoException).code?.startsWith("Z_") !== true) throw error;
      isCut = true;
    } finally {
      source.destroy();
      gunzip.destroy();
    }
  }
  return { chunks: unpacked(), isCut: () => isCut };
}

/** Packed bytes handed over at a time: what they unpack to is held at once. */
const pieceBytes = 32 * 1024;

// Node has zstd from version 22.15 on.
function unpackZstd(chunks: AsyncIterable<Uint8Array>): Unpacked {
  let isCut = false;
  async function* unpacked(): AsyncGenerator<Uint8Array, void> {
    const { Decompress } = await import("fzstd");
    const ready: Uint8Array[] = [];
    const frames = new Decompress((data) => void (data.length > 0 && ready.push(data.slice())));
    // Only what the decoder itself throws means damage.
    const push = (piece: Uint8Array, isLast: boolean): boolean => {
      try {
        frames.push(piece, isLast);
        return true;
      } catch {
        isCut = true;
        return false;
      }
    };
    for await (const chunk of chunks) {
      for (let at = 0; at < chunk.length; at += pieceBytes) {
        const isWhole = push(chunk.subarray(at, at + pieceBytes), false);
        yield* ready.splice(0);
        if (!isWhole) return;
      }
    }
    push(new Uint8Array(0), true);
    yield* ready.splice(0);
  }
  return { chunks: unpacked(), isCut: () => isCut };
}
