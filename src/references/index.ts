export { extractFile, extractorFor, extractors } from "./extract/index.ts";
export { imageEnvironments, type ImageEnvironment } from "./environments/index.ts";
export { folderInImage } from "./resolve/image-base.ts";
export { analyseTree, type AnalyseOptions, type TreeAnalysis } from "./analyse.ts";
export { longestFileBytes, scanTree, type Scan, type ScanWarning } from "./scan.ts";
export { resolveImports } from "./imports/resolve-imports.ts";
export type { Collision, ImportResolution, ImportSources, ImportSummary } from "./imports/schema.ts";
export { scanPython, type PythonScan, type ScanPlace } from "./python/scan.ts";
export { isTreeLine } from "./extract/drawn-tree.ts";
export { extractSymlink } from "./extract/symlink.ts";
export type { RemoteData } from "./classify/remote-data.ts";
export { resolveReferences, type ResolvedReferences, type ResolveInput } from "./resolve-references.ts";
export type { MissingAnchor } from "./missing-anchors.ts";
export { decodeBytes, lineCounter, utf8Of } from "./byte-text.ts";
export {
  importClasses,
  referenceClasses,
  type Base,
  type CommandMention,
  type Confidence,
  type EntryPoint,
  type Evidence,
  type Extraction,
  type Extractor,
  type Fix,
  type ImportClass,
  type ImportMention,
  type ImportReference,
  type Mention,
  type MentionKind,
  type Reference,
  type ReferenceClass,
} from "./schema.ts";
