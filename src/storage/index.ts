export { locate, publicUri, type Located } from "./locate.ts";
export { type Store, type StoredFile } from "./store.ts";
export { packingOf, unpack, type Packing } from "./unpack.ts";
export { remoteFolder, type RemoteFolder } from "./put.ts";
