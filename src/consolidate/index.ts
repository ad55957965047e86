export type { Inventory, InventoryCopy, InventoryFile, InventoryPackage } from "./inventory.ts";
export { makePlan, winnersOf, type Planned } from "./plan/make-plan.ts";
export { decidedLines, parsePlan, planFileName, planText } from "./plan/plan-file.ts";
export type { Plan, PlanLine, Repair } from "./plan/schema.ts";
export type { Analyse, Proof, State } from "./proof/prove.ts";
export { applyChange, resumeApply, undoChange, type Applied } from "./transaction/apply-change.ts";
export { checkRepository } from "./transaction/preconditions.ts";
export { prepare, type Prepared } from "./carry-out.ts";
export { verifyConsolidation, type Verification } from "./verify.ts";
