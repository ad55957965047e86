import type { Mention } from "../schema.ts";

const missing =
  /\b(?:missing|not (?:found|present|available|included|committed|checked in|tracked|shipped|in (?:the|this) repo\w*|in repo\w*)|absent|no longer (?:exists?|present|here)|do(?:es)?(?:n['\u2019]t| not) exist|non-?existent|unavailable|lost files?)\b/i;
/** What a heading declares of all that stands below it: a symptom ("… not found", "if … is missing") declares nothing. */
const missingHeading =
  /\b(?:missing|not (?:included|committed|checked in|tracked|shipped|in (?:the|this) repo\w*|in repo\w*)|absent|no longer (?:exists?|present|here)|do(?:es)?(?:n['\u2019]t| not) exist|non-?existent|lost files?)\b/i;
const condition =
  /\b(?:if|when|unless|whether|until|once|might|may|could|would|in case|fails?|warns?|errors?)\b/i;
const provenance =
  /\b(?:copied|moved|migrated|imported|ported|relocated|renamed|taken|consolidated|merged|originat\w+|sourced) (?:over )?from\b|\boriginal (?:path|location|source|file)s?\b|\boriginally (?:from|in|at)\b|\bformerly\b|\bprovenance\b|\bhistorical (?:path|location|note)s?\b|\bold (?:path|location)s?\b|\bprevious(?:ly)? (?:path|location|in|at)s?\b/i;
const record =
  /\bchange ?log\b|\brelease (?:notes|history)\b|\bwhat(?:'|\u2019)?s new\b|\b(?:removed|deleted|renamed|moved) (?:the )?$/i;
const borrowed =
  /\b(?:adapted|borrowed|derived|modified|forked|inspired|based|extracted|generated from|adopted)\b[^.]{0,30}\b(?:from|on|by)\b[^.]{0,60}$/i;
const planned =
  /\b(?:planned|proposed|target|future|desired|suggested|recommended|expected|ideal|to-?be|intended|after (?:the )?(?:migration|move|consolidation)|roadmap|to ?do)\b/i;
const plannedRemark =
  /\b(?:planned|to be (?:created|added|written|done)|will be (?:created|added|moved)|to ?do|tbd|not yet|coming soon|future|new file)\b/i;
const generated =
  /\b(?:generat(?:ed|es?|ing)|created? (?:by|when|during|automatically|after|at)|auto-?created|written (?:by|to|during|out)|writes? (?:to|out)?|sav(?:ed|es?|ing) (?:to|in|as|at|under|into)|stor(?:ed|es) (?:to|in|at|under)|produc(?:ed|es?)|outputs?|exported|will be (?:saved|written|stored|generated|produced|created)|dump(?:ed|s)|logs? (?:to|in)|build artifacts?|cached? (?:to|in|at))\b/i;
const example =
  /\b(?:for example|e\.g\.|such as|example|your own|replace|placeholder|say,|like)\b[^.]{0,25}$/i;

const missingKey =
  /(?:^|[._-])(?:missing|absent|not_?found|unavailable|removed|deleted|not_?in_?\w+|to_?be_?(?:made|restored))(?:$|[._-])/i;
const provenanceKey =
  /(?:^|[._-])(?:copied_?from|source_?(?:path|file|location)s?|original(?:_?(?:path|file|location|source))?s?|origin|moved_?from|migrated_?from|provenance|derived_?from|previous_?path|old_?path|history|changelog|copied_?files)(?:$|[._-])/i;
const outputKey =
  /(?:^|[._-])(?:out(?:put)?s?|save(?:_?to)?|saved|dump|export|exports|write|log|logs|logging|logdir|cache|cached|tmp|temp|work|workspace|run|runs|result|results|checkpoint|checkpoints|ckpt|artifact|artifacts|report|reports|dest|destination|target_?dir|trace|profile|tensorboard|wandb|predictions?|generated|resume(?:_from)?(?:_checkpoint)?|load_?(?:dir|path)?|ckpt_?(?:path|dir))(?:_?(?:to|dir|path|file|folder|name|root|prefix|base|directory|location))*$/i;
const dataKey =
  /(?:data|dataset|corpus|corpora|train|training|valid|validation|eval|test|dev|split|manifest|examples?|samples?|embeddings?|knowledge|shards?|tokens?|prompts?|labels?)(?:s|set|sets)?(?:_?(?:dir|path|file|files|folder|name|root|prefix|glob|source|location))*$/i;
const modelKey =
  /(?:model|models|tokenizer|pretrained|base_model|backbone|encoder|decoder|repo_?id|hub|hf|adapter|weights|teacher|student|reward|critic|actor|vae|lora|dataset|processor|llm|checkpoint)(?:s)?(?:_?(?:name|path|id|or|dir|name_or_path|repo|file))*$/i;

const elsewhereKey = /(?:^|[._-])(?:s3|bucket|object|blob|gcs)_?(?:key|prefix|path|object|uri|folder)s?$/i;

/** What governs a mention: its heading from the innermost out, its key, the words beside it. */
export type Governing = {
  isMissing: string | undefined;
  isProvenance: string | undefined;
  /** A record of what changed: it keeps what it says of what is gone. */
  isRecord: string | undefined;
  isBorrowed: boolean;
  isPlanned: string | undefined;
  isGenerated: string | undefined;
  isExample: boolean;
  hasDataKey: boolean;
  hasModelKey: boolean;
  hasOutputKey: boolean;
  /** A key that names what lies in a bucket. */
  isElsewhere: string | undefined;
};

const cut = (text: string): string => (text.length > 80 ? `${text.slice(0, 80)}…` : text);

function sides(remark: string | undefined): { before: string; after: string } {
  if (remark === undefined) return { before: "", after: "" };
  const at = remark.indexOf("…");
  return at < 0
    ? { before: "", after: remark }
    : { before: remark.slice(0, at), after: remark.slice(at + 1) };
}

function said(pattern: RegExp, texts: readonly string[]): string | undefined {
  const text = texts.find((one) => pattern.test(one));
  return text === undefined ? undefined : cut(text.replace(/[ \t]+/g, " ").replace(/^ | $/g, ""));
}

/** Why a list or the words after a path say that it is missing: as a fact, not as what may happen. */
function declaredMissing(headings: readonly string[], before: string, after: string): string | undefined {
  const heading = said(
    missingHeading,
    headings.filter((text) => !condition.test(text) && !/\bnot found\b/i.test(text)),
  );
  if (heading !== undefined) return heading;
  const near = /^[^.;\n]{0,60}/.exec(after)?.[0] ?? "";
  const found = missing.exec(near);
  if (found === null || condition.test(near) || condition.test(before.slice(-60))) return undefined;
  const lead = near.slice(0, found.index);
  const isStated = /^[\s`'"*_)\]|:,\u2013\u2014([-]*(?:(?:is|are|was|were|currently|still|now)\s+)*$/i.test(
    lead,
  );
  // The code span goes on: its own words, not ours.
  const isInCode = /^[^`]*[^`\s|([:,-][^`]*`/.test(near);
  // "missing or not sourced" is a symptom.
  const isEnd = /^\s*(?:$|[|)\].,;:!*_"'`(\u2013\u2014-]|(?:from|in|on|here|yet|at)\b)/i.test(
    near.slice(found.index + found[0].length),
  );
  return isStated && isEnd && !isInCode ? cut(near.replace(/[ \t]+/g, " ").replace(/^ | $/g, "")) : undefined;
}

/** A variable of code that holds a source names what it reads; only data says with such a key where things came from. */
function isProvenanceKey(key: string, { encoding }: Mention): boolean {
  if (encoding !== "python" && encoding !== "shell") return provenanceKey.test(key);
  return /(?:^|[._-])(?:copied_?from|moved_?from|migrated_?from|derived_?from|provenance|copied_?files)(?:$|[._-])/i.test(
    key,
  );
}

/** Reads the words around a mention. */
export function governing(mention: Mention): Governing {
  const headings = mention.heading?.split(" › ").reverse() ?? [];
  const inner = headings.slice(0, 2);
  const { before, after } = sides(mention.remark);
  const near = after.slice(0, 60);
  const key = mention.kind === "tree" ? "" : (mention.key ?? "");
  return {
    isMissing: (missingKey.test(key) ? `key ${key}` : undefined) ?? declaredMissing(inner, before, near),
    isProvenance:
      (isProvenanceKey(key, mention) ? `key ${key}` : undefined) ??
      said(provenance, [...inner, before.slice(-50)]) ??
      said(/\b(?:came|were taken|are taken) from\b/i, inner),
    isRecord: said(record, [...headings, before.slice(-50)]),
    isBorrowed: borrowed.test(before),
    isPlanned:
      said(plannedRemark, [near, before.slice(-40)]) ??
      (mention.kind === "tree" || mention.kind === "list" ? said(planned, headings) : undefined),
    isGenerated:
      (outputKey.test(key) ? `key ${key}` : undefined) ??
      said(generated, [
        before.slice(-50),
        near.slice(0, 40),
        ...(mention.kind === "tree" || mention.kind === "list" ? inner.slice(0, 1) : []),
      ]),
    isExample: example.test(before),
    hasDataKey: dataKey.test(key),
    hasModelKey: modelKey.test(key),
    hasOutputKey: outputKey.test(key),
    isElsewhere: elsewhereKey.test(key.replace(/([a-z\d])([A-Z])/g, "$1_$2")) ? `key ${cut(key)}` : undefined,
  };
}

/** What governs a mention that stands alone. */
export const silence: Governing = {
  isMissing: undefined,
  isProvenance: undefined,
  isRecord: undefined,
  isBorrowed: false,
  isPlanned: undefined,
  isGenerated: undefined,
  isExample: false,
  hasDataKey: false,
  hasModelKey: false,
  hasOutputKey: false,
  isElsewhere: undefined,
};
