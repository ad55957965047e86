import type { Location, Log, Region, ReportingDescriptor, Result } from "sarif";
import { ruleOf } from "../findings/rules.data.ts";
import { plainJson } from "./json.ts";
import type { AuditReport, Finding, FindingPlace } from "../report.ts";

/** GitHub takes at most 25,000 results a run: https://docs.github.com/en/code-security/reference/code-scanning/sarif-files */
const mostResults = 25_000;
const mostLocations = 1000;

/** A path as a URI reference: percent-encoded per segment, so that no name can look like a scheme or a query. */
export function uriOf(path: string): string {
  const encoded = path
    .split("/")
    .map((part) => encodeURIComponent(part.toWellFormed()))
    .join("/");
  return encoded === "" ? "." : encoded;
}

function regionOf(place: FindingPlace): Region {
  const { line, start, end } = place;
  return start === undefined || end === undefined || end <= start
    ? { startLine: line }
    : { startLine: line, byteOffset: start, byteLength: end - start };
}

function locationOf(place: FindingPlace): Location {
  return {
    physicalLocation: {
      artifactLocation: { uri: uriOf(place.path), uriBaseId: "%SRCROOT%" },
      region: regionOf(place),
    },
  };
}

function fixesOf(finding: Finding): Result["fixes"] {
  const fixed = finding.places.filter((place) => place.fix !== undefined);
  if (fixed.length === 0) return undefined;
  const files = new Map<string, FindingPlace[]>();
  for (const place of fixed) files.set(place.path, [...(files.get(place.path) ?? []), place]);
  const certain = fixed.every((place) => place.fix?.certainty === "certain");
  return [
    {
      description: {
        text: certain ? "Point it at the proven new place." : "Point it at the likely new place.",
      },
      artifactChanges: [...files].map(([path, places]) => ({
        artifactLocation: { uri: uriOf(path), uriBaseId: "%SRCROOT%" },
        replacements: places.map((place) => {
          const fix = place.fix as NonNullable<FindingPlace["fix"]>;
          return {
            deletedRegion: { byteOffset: fix.start, byteLength: fix.end - fix.start },
            insertedContent: { text: fix.text },
          };
        }),
      })),
    },
  ];
}

function resultOf(finding: Finding, ruleIndex: number, hasBaseline: boolean): Result {
  const { places } = finding;
  const fixes = fixesOf(finding);
  return {
    ruleId: finding.rule,
    ruleIndex,
    level: finding.severity,
    message: { text: finding.message },
    locations: places.slice(0, 1).map(locationOf),
    ...(places.length > 1
      ? {
          relatedLocations: places
            .slice(1, mostLocations)
            .map((place, index) => ({ id: index + 1, ...locationOf(place) })),
        }
      : {}),
    partialFingerprints: { "trainingReady/v1": finding.id },
    ...(hasBaseline
      ? { baselineState: finding.known === true ? ("unchanged" as const) : ("new" as const) }
      : {}),
    ...(fixes === undefined ? {} : { fixes }),
  };
}

/**
 * Errors and warnings as SARIF 2.1.0, for code scanning: regions by line and byte, proven fixes as replacements.
 * Known findings are `unchanged` where a baseline was given.
 */
export function sarifReport(
  report: AuditReport,
  options: { tool: { name: string; version: string }; hasBaseline?: boolean },
): string {
  const told = report.findings.filter((one) => one.severity !== "note");
  const shown = told.slice(0, mostResults);
  const names = [...new Set(shown.map((one) => one.rule))].sort();
  const rules: ReportingDescriptor[] = names.map((name) => {
    const rule = ruleOf(name);
    return {
      id: name,
      ...(rule === undefined
        ? {}
        : {
            shortDescription: { text: rule.title },
            fullDescription: { text: `${rule.title}. ${rule.help}` },
            help: { text: rule.help, markdown: rule.help },
            defaultConfiguration: { level: rule.severity },
          }),
      ...(name === "secret" ? { properties: { tags: ["security"], "security-severity": "8.0" } } : {}),
    };
  });
  const left = told.length - shown.length;
  const log: Log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: options.tool.name, version: options.tool.version, rules } },
        columnKind: "utf16CodeUnits",
        originalUriBaseIds: { "%SRCROOT%": { description: { text: "The root of the repository." } } },
        results: shown.map((one) => resultOf(one, names.indexOf(one.rule), options.hasBaseline === true)),
        invocations: [
          {
            executionSuccessful: true,
            toolExecutionNotifications: [
              ...(left > 0
                ? [
                    {
                      level: "warning" as const,
                      message: {
                        text: `${left} more findings are left out: SARIF readers take ${mostResults} results.`,
                      },
                    },
                  ]
                : []),
              ...report.warnings.slice(0, 200).map((one) => ({
                level: "note" as const,
                message: { text: `${one.code}: ${one.message}` },
                ...(one.path === undefined
                  ? {}
                  : {
                      locations: [
                        {
                          physicalLocation: {
                            artifactLocation: { uri: uriOf(one.path), uriBaseId: "%SRCROOT%" },
                          },
                        },
                      ],
                    }),
              })),
            ],
          },
        ],
      },
    ],
  };
  return plainJson(`${JSON.stringify(log, null, 1)}\n`);
}
