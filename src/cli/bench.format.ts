import type {
  BenchReport,
  GridSetting,
  OptimizerReport,
  PairRatios,
  ScreenEvaluation,
  ScreenScores,
  Share,
} from "../inference/index.ts";

const rounded = (value: number | null): string => (value === null ? "-" : value.toFixed(value < 10 ? 2 : 0));
const share = ({ count, of, value, low, high }: Share): string =>
  value === null || low === null || high === null
    ? "no items"
    : `${value.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)}; ${count} of ${of})`;

/** A measurement of a server as a Markdown table. */
export function formatLoad({ profile, model, steps, host, pairs }: BenchReport): string {
  const lines = [
    `# Measurement of ${model}, profile ${profile}`,
    "",
    `${host.cores} cores, load ${host.load.toFixed(1)}${host.isBusy ? ": the host was busy, so no verdict" : ""}`,
    "",
    "| what | load | requests | errors | TTFT p50 / p95 / p99 ms | ITL p50 / p95 ms | total p50 ms | tokens/s | goodput |",
    "|---|---|---|---|---|---|---|---|---|",
    ...steps.map((one) => {
      const failed = Object.entries(one.errors).map(([code, count]) => `${code}: ${count}`);
      return `| ${[
        one.target,
        one.load,
        String(one.requests),
        failed.join(", ") || "0",
        [one.ttftMs.p50, one.ttftMs.p95, one.ttftMs.p99].map(rounded).join(" / "),
        [one.itlMs.p50, one.itlMs.p95].map(rounded).join(" / "),
        rounded(one.totalMs.p50),
        rounded(one.tokensPerSecond),
        one.goodput === null ? "-" : share(one.goodput),
      ].join(" | ")} |`;
    }),
  ];
  if (pairs !== null)
    lines.push(
      "",
      "| pair by pair | pairs | first window p50 / p99 | whole stream p50 / p99 |",
      "|---|---|---|---|",
      pairLine("service over engine", pairs.service),
      pairLine("engine over itself (noise)", pairs.noise),
    );
  return `${lines.join("\n")}\n`;
}

const ratio = (value: number | null): string => (value === null ? "-" : value.toFixed(3));
function pairLine(name: string, { pairs, firstWindow, wholeStream }: PairRatios): string {
  const both = ({ p50, p99 }: { p50: number | null; p99: number | null }): string =>
    `${ratio(p50)} / ${ratio(p99)}`;
  return `| ${name} | ${pairs} | ${both(firstWindow)} | ${both(wholeStream)} |`;
}

function scoreLines(name: string, scores: ScreenScores): string[] {
  return [
    `${name}:`,
    ...(["watch", "elevated", "imminent"] as const).map(
      (level) =>
        `  ${level} or worse: recall ${share(scores[level].recall)}; false positives ${share(scores[level].falsePositives)}`,
    ),
  ];
}

/** The screen's scores for people; figures about texts, never a claim of clinical safety. */
export function formatScreen(evaluation: ScreenEvaluation): string {
  const { items, scores, byLanguage, byCategory, microseconds, falseAlarms } = evaluation;
  const lines = [
    `${items} texts; 95 % Wilson intervals; screen p50 ${rounded(microseconds.p50)} µs, p99 ${rounded(microseconds.p99)} µs`,
    ...scoreLines("all", scores),
    ...Object.entries(byLanguage).flatMap(([name, one]) => scoreLines(`language ${name}`, one)),
    ...Object.entries(byCategory).flatMap(([name, one]) => scoreLines(`category ${name}`, one)),
    ...(falseAlarms.watch.of === 0
      ? []
      : [
          `conversations of ${falseAlarms.turns} harmless texts that were raised at any turn: watch ${share(falseAlarms.watch)}; elevated ${share(falseAlarms.elevated)}; imminent ${share(falseAlarms.imminent)}`,
        ]),
    "These figures describe these texts alone; a clinician must sign the screen off.",
  ];
  return `${lines.join("\n")}\n`;
}

/** What the probe of serve chose, beside a whole grid, as Markdown. */
export function formatOptimizer(report: OptimizerReport): string {
  const { measured, chosen, probe, grid, host } = report;
  const line = (name: string, one: GridSetting): string =>
    `| ${[
      name,
      String(one.threads),
      String(one.batch),
      rounded(one.prefillTokensPerSecond),
      rounded(one.decodeTokensPerSecond),
      rounded(one.turnSeconds * 1000),
    ].join(" | ")} |`;
  const times = report.timesLibraryDefault;
  const lines = [
    `The probe chose ${chosen.threads} threads, batch ${chosen.batch}, in ${rounded(probe.milliseconds / 1000)} s: ${report.shareOfBest.toFixed(3)} of the best of ${grid.length} settings, ${times === null ? "beyond measure" : `${rounded(times)} times`} as quick as the library's own default.`,
    `${host.cores} cores, load ${host.load.toFixed(1)}${host.isBusy ? ": the host was busy, so no verdict" : ""}`,
    "",
    "| setting | threads | batch | reads tokens/s | writes tokens/s | turn of 128 and 64 ms |",
    "|---|---|---|---|---|---|",
    line("chosen", measured.chosen),
    line("best of the grid", measured.best),
    ...(measured.libraryDefault === null ? [] : [line("library default", measured.libraryDefault)]),
    ...grid.map((one) => line("grid", one)),
  ];
  return `${lines.join("\n")}\n`;
}
