export { acquire, type Plan } from "./acquire.ts";
export { buildDataSet, type BuildOptions, type BuildResult } from "./build.ts";
export { addForgotten, readForgotten } from "./forgotten.ts";
export {
  countDropped,
  findRecords,
  listSidecar,
  readPlace,
  type DroppedLine,
  type QuarantineLine,
  type RecordHistory,
} from "./inspect.ts";
export { checkDataSet, manifestRoot, readManifest } from "./manifest.ts";
export { processAll } from "./process-all.ts";
export { writeDataReport } from "./report/write-report.ts";
export { processUnit } from "./process-unit.ts";
export { splitNames, type Manifest, type PinnedSource, type UnitCommit } from "./schema.ts";
export { countLabelsOf } from "./summaries.ts";
export { pullDataSet } from "./pull.ts";
export { listVersions, planPrune, prune, type PrunePlan, type PushedVersion } from "./prune.ts";
export { notePushedPlace, readPushedPlaces } from "./pushed-places.ts";
export { pushDataSet } from "./push.ts";
export { type Transfer } from "./transfer.ts";
export { estimateTasks, type TaskEstimate } from "./generate/estimate.ts";
export { generateData, type GenerateResult } from "./generate/generate.ts";
export { loadMaterial } from "./generate/material.ts";
export { generateOffline } from "./generate/offline.ts";
export { foldConcepts, type Folded, type NamedConcept } from "./knowledge/concept.ts";
export { readConcepts } from "./knowledge/read-concepts.ts";
export { starterConcepts } from "./knowledge/starter-concepts.data.ts";
