import { stringify } from "yaml";
import type { MessageColumns } from "./publish.ts";
import { splitNames, type Manifest } from "./schema.ts";

// Identifiers that the Hugging Face hub knows, by SPDX id in lower case.
const hubLicences = new Set(
  "apache-2.0 mit bsd-2-clause bsd-3-clause cc0-1.0 cc-by-4.0 cc-by-sa-4.0 cc-by-nc-4.0 cc-by-nc-sa-4.0 odc-by odbl gpl-3.0 unlicense".split(
    " ",
  ),
);

const text = { dtype: "string" };
const feature = (name: string, dtype = "string") => ({ name, dtype });

function features(columns: MessageColumns) {
  const turn = [
    feature("role"),
    feature("content"),
    ...(columns.name ? [feature("name")] : []),
    ...(columns.time ? [feature("t0", "float64"), feature("t1", "float64")] : []),
  ];
  return [
    feature("v", "int64"),
    feature("id"),
    { name: "messages", list: turn },
    feature("source"),
    feature("stage"),
    { name: "labels", struct: labelFeatures },
    feature("extra"),
    {
      name: "provenance",
      struct: [
        feature("uri"),
        feature("etag"),
        feature("offset", "int64"),
        feature("length", "int64"),
        feature("licence"),
        feature("consent"),
        feature("shape"),
        feature("repairs"),
        feature("generator"),
        { name: "parents", list: text.dtype },
        { name: "group", struct: [feature("client"), feature("session"), feature("question")] },
      ],
    },
  ];
}

const labelFeatures = [
  feature("quality", "float64"),
  ...["domain", "risk", "risk_categories", "modality", "bias", "components", "evidence", "pii"].map((name) =>
    feature(name),
  ),
];

const alpacaFeatures = [
  ...["id", "instruction", "input", "output"].map((name) => feature(name)),
  { name: "history", list: { list: text.dtype } },
  ...["system", "source", "stage"].map((name) => feature(name)),
];

const cell = (value: string | number): string => String(value).replaceAll("|", "\\|").replaceAll("\n", " ");
const table = (head: readonly string[], rows: readonly (readonly (string | number)[])[]): string =>
  [
    `| ${head.join(" | ")} |`,
    `|${head.map(() => "---").join("|")}|`,
    ...rows.map((row) => `| ${row.map(cell).join(" | ")} |`),
  ].join("\n");

function frontMatter(manifest: Manifest, name: string, columns: MessageColumns): string {
  const licences = [...new Set(manifest.sources.map((source) => source.licence.toLowerCase()))];
  const only =
    licences.length === 1 && hubLicences.has(licences[0] as string) ? (licences[0] as string) : undefined;
  const filled = splitNames.filter((split) => manifest.splits[split].records > 0);
  const hasAlpaca = manifest.alpaca.length > 0;
  return stringify({
    license: only ?? "other",
    ...(only === undefined ? { license_name: licences.join(", ") } : {}),
    pretty_name: name,
    task_categories: ["text-generation"],
    configs: [
      {
        config_name: "default",
        default: true,
        data_files: filled.map((split) => ({ split, path: `${split}/*.jsonl` })),
      },
      ...(hasAlpaca
        ? [
            {
              config_name: "alpaca",
              data_files: filled.map((split) => ({ split, path: `alpaca/${split}.jsonl` })),
            },
          ]
        : []),
    ],
    dataset_info: [
      {
        config_name: "default",
        features: features(columns),
        splits: filled.map((split) => ({
          name: split,
          num_bytes: manifest.splits[split].shards.reduce((sum, shard) => sum + shard.bytes, 0),
          num_examples: manifest.splits[split].records,
        })),
      },
      ...(hasAlpaca ? [{ config_name: "alpaca", features: alpacaFeatures }] : []),
    ],
  });
}

function leakSection(manifest: Manifest): string {
  const held = manifest.publishedSplits.filter(({ split }) => split !== "train");
  const own = `In this data set ${manifest.leakage.crossSplit} of ${manifest.leakage.edgesChecked} checked bonds between records cross a split.`;
  if (held.length === 0) return own;
  return `${own}\n\nThe sources' own splits, which are not used, leak:\n\n${table(
    ["source", "split", "records", "reply verbatim in its train split"],
    held.map((row) => [row.source, row.split, row.records, row.verbatimInTrain]),
  )}`;
}

/** The data-set card: front matter that `datasets` loads by, then what people need to know. */
export function dataCard(manifest: Manifest, name: string, columns: MessageColumns): string {
  const { conservation } = manifest;
  return `---
${frontMatter(manifest, name, columns)}---

# ${name}

Conversations for fine-tuning, one a line, with ChatML \`messages\`. Built by training-ready; root \`${manifest.root}\`.

## Splits

${table(
  ["split", "records", "tokens (estimated)", "shards"],
  splitNames.map((split) => {
    const { records, tokens, shards } = manifest.splits[split];
    return [split, records, tokens, shards.length];
  }),
)}

Records that share a client, a session, a question, a long turn or most of their words stand in one split.
${manifest.components.count} such groups; the largest holds ${manifest.components.largest} records${
    manifest.components.tooLarge > 0
      ? `; ${manifest.components.tooLarge} too large for a held-out split went to train`
      : ""
  }.

## Leakage

${leakSection(manifest)}

## Sources

${table(
  ["source", "uri", "licence", "read", "written", "quarantined", "deduplicated", "not selected"],
  manifest.sources.map((one) => [
    one.name,
    one.uri,
    one.licence,
    one.records,
    one.written,
    one.quarantined,
    one.deduplicated,
    one.notSelected,
  ]),
)}
${(manifest.absent ?? []).map(({ name, uri }) => `\nAbsent, as declared: ${name} (${uri}).\n`).join("")}
Read ${conservation.read} = written ${conservation.written} + quarantined ${conservation.quarantined} + deduplicated ${conservation.deduplicated} + not selected ${conservation.notSelected}.
${
  Object.keys(manifest.quarantined).length === 0
    ? ""
    : `\n${table(["quarantine code", "items"], Object.entries(manifest.quarantined))}\n`
}
## Labels

${table(
  ["label", "records"],
  (["domain", "risk", "modality", "components", "bias"] as const).flatMap((kind) =>
    Object.entries(manifest.labels[kind]).map(([label, count]) => [`${kind}: ${label}`, count]),
  ),
)}

By \`${manifest.labels.labeller}\`: rules over words and fields, not validated by clinicians; \`domain\` is what experts are trained and loss is told by, \`risk\` the worst of the client's turns by the screen of inference. Mean quality ${manifest.labels.meanQuality}.

## Limits

Not checked by a clinician. Text of people in distress: handle with care, and do not take it for advice.
`;
}
