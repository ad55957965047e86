export * as amendments from "./entities/amend.ts";
export * as breakGlass from "./entities/break-glass.ts";
export { caseloadOf } from "./entities/caseload.ts";
export { consentPurposes, policyVersion, principalKinds, principalRoles, type Principal } from "./access.ts";
export * as careRelations from "./entities/care-relations.ts";
export * as careRecords from "./entities/care-records.ts";
export { keepForLater, riskIsWaiting, riskWaitsIn, storeWaitingRisk } from "./entities/emergency.ts";
export { deidentifiedSchema, exportDeidentified, leastPersons } from "./entities/deidentified-export.ts";
export { eraseClient, listCertificates, type Certificate } from "./entities/erasure.ts";
export { applyRetention, planRetention, readRetention, type RetentionPlan } from "./entities/retention.ts";
export { finishRotation, proveReadable, rotateClients, rotationStart } from "./store/rotation.ts";
export { listCourses, makeCourses } from "./entities/expected-courses.ts";
export { usualShare, type VersionWatch } from "./entities/fleet-watch.ts";
export * as modelVersions from "./entities/model-versions.ts";
export { fleetOf } from "./entities/fleet.ts";
export * as formLinks from "./entities/form-links.ts";
export { namesOf } from "./entities/names.ts";
export * as legalHold from "./entities/legal-hold.ts";
export * as notes from "./entities/notes.ts";
export { readersOf } from "./entities/readers.ts";
export { openRiskCount, riskInbox } from "./entities/risk-inbox.ts";
export { exportClient, exportFormats, type ExportFormat } from "./entities/export.ts";
export * as goals from "./entities/goals.ts";
export { ledgerOf } from "./entities/ledger-view.ts";
export * as measures from "./entities/measures.ts";
export { progressOf, statisticsOf, trendsOf } from "./entities/overview.ts";
export { advanceRisks } from "./entities/risk-clock.ts";
export { deliverNotices, readContacts, type Contacts, type SendNotice } from "./entities/risk-contacts.ts";
export * as risks from "./entities/risk.ts";
export { importClient } from "./entities/import-json.ts";
export { importOld } from "./entities/import-old.ts";
export * as sessions from "./entities/sessions.ts";
export * as turns from "./entities/turns.ts";
export { instrumentNamed, instruments, wordingOf } from "./instruments/index.ts";
export { readSettingsFile } from "./settings-file.ts";
export {
  chartStyle,
  clientBody,
  clientReportHtml,
  clientReportOf,
  reportBody,
  reportHtml,
  reportStyle,
  verifyReport,
  reportOf,
  type ClientReport,
  type Report,
} from "./report/index.ts";
export { cusumOf } from "./statistics/index.ts";
export { casesSchema, computeCases, statistics } from "./statistics-cases.ts";
export {
  actOnTenant,
  inTransaction,
  noteFailedSignIn,
  noteSignIn,
  type Call,
  type EraseElsewhere,
  type ErasedElsewhere,
  type RiskNotice,
} from "./store/act.ts";
export { backupStore, fillStore } from "./store/backup.ts";
export { createGroupCommit, type GroupCommit } from "./store/group-commit.ts";
export { lockForServing, openStore, type OpenOptions, type Store } from "./store/open-store.ts";
export { serverVersion } from "./store/postgres-backend.ts";
export { databaseSetting, databaseVariable, type DatabaseSetting } from "./store/database-setting.ts";
export { openToRead } from "./store/sqlite-backend.ts";
export { storePaths } from "./store/store-paths.ts";
export {
  addPrincipal,
  authenticate,
  clientsOf,
  hasPrincipals,
  inferencePrincipal,
  localOperator,
  principalById,
  principalBySubject,
  setCare,
} from "./store/principals.ts";
export { accessAhead, externalOf } from "./store/clients.ts";
export { dayOrInstant, externalId } from "./values.ts";
export { decide, expectedCourseOf, type Verdict } from "./verdict/index.ts";
