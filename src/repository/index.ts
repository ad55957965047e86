export { openCommitTree, type CommitTree } from "./commit-tree.ts";
export { type OpenedHistory, openHistory } from "./history/open-history.ts";
export type { RepositoryHistory } from "./history/history-index.ts";
export { type LfsPointer, parseLfsPointer } from "./lfs-pointer.ts";
export { type ListingTree, openListing } from "./listing-tree.ts";
export { compareListed, type Hashes, type ListedFile } from "./listing.ts";
export { ObjectReader } from "./object-reader.ts";
export { noCache, openBlobCache, type BlobCache } from "./scan-cache.ts";
export { remoteUrls } from "./remote-urls.ts";
export { git, gitEnvironment, gitStream } from "./git.ts";
export type {
  FileEntry,
  FileMode,
  FileState,
  FileVersion,
  History,
  PastFile,
  Tree,
  TreeWarning,
} from "./schema.ts";
export { TreeIndex } from "./tree-index.ts";
export { openWorkTree, type WorkTree } from "./work-tree.ts";
