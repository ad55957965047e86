import { roleOf } from "../extract/path-shape.ts";

const changelog =
  /(?:^|\/)(?:releases?|release[-_]notes|whats?[-_]?new)\/[^/]*\d+\.\d+[^/]*\.(?:md|rst|txt)$|(?:^|\/)(?:CHANGES?|CHANGELOG|HISTORY|RELEASE[-_ ]?NOTES?|RELEASES?|NEWS)(?:[-_.][\w.-]*)?$|(?:^|\/)changelogs?\/|\.log$/i;

const notDocuments = /\.(?:json|ya?ml|toml|py|sh|ipynb)$/i;

/** True for a document that says what was: change logs, release notes, logs. */
export const isRecordOfPast = (path: string): boolean => changelog.test(path) && !notDocuments.test(path);

const design =
  /(?:^|\/)(?:adrs?|rfcs?|proposals?|decisions?|post-?mortems?|retrospectives?)\/(?:.*\/)?[^/]+\.(?:md|rst|txt)$|(?:^|\/)(?:[\w-]*[-_])?(?:plan|idea|proposal|rfc|adr|shipped|post-?mortem|retrospective|worklog|devlog)(?:[-_][\w-]*|[-_]?\d+)?\.(?:md|rst|txt)$/i;

/** True for a document that speaks of work before or after it was done: what it names may be planned or be gone. */
export const isDesignRecord = (path: string): boolean => design.test(path);

/** Words with a slash and attributes (`self.log`) are many in a record; a file's name is told by its suffix. */
export const isFileInRecord = (path: string): boolean =>
  roleOf(path) !== undefined && !/^(?:self|cls|pl|torch|np)\.\w+$/.test(path);
