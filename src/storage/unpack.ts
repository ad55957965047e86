import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";

/**
 * Bytes of a gzip stream, unpacked. A damaged or cut stream ends early, having given what came before, and `isCut`
 * then says so.
 */
export function unpackGzip(chunks: AsyncIterable<Uint8Array>): {
  chunks: AsyncIterable<Uint8Array>;
  isCut: () => boolean;
} {
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
