import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { formatSample } from "../../src/cli/progress/sample.format.ts";
import { recordSyntheticClient } from "../../src/cli/progress/synthetic-client.ts";

it("enters a synthetic client and shows its report on one screen, with where its page lies", async () => {
  const home = mkdtempSync(join(tmpdir(), "sample-"));
  try {
    const wanted = { home, tenant: "local", client: "synthetic", model: "tiny" };
    const exchanges = [
      { user: "Synthetic: one", assistant: "Synthetic: reply" },
      { user: "Synthetic: two", assistant: null, level: "watch" as const },
    ];
    const made = await recordSyntheticClient({ ...wanted, exchanges });
    expect(made).toMatchObject({
      page: "/app/clients/synthetic",
      report: {
        dropped: [],
        model: { turns: 2, sessions: 1, levels: { watch: 1, elevated: 0 } },
        instruments: [{ instrument: "PHQ-9", verdict: { n: 6, verdict: "recovered" } }],
        act_now: { risk_events: [] },
      },
    });
    const text = formatSample(made, home);
    expect(text).toContain(
      "From a baseline of 16.5 (mean of the first two) to 7 (mean of the last two): 9.5 points, better.",
    );
    expect(text).toContain("Turns with a model: 2, in sessions: 1, on days: 1.");
    expect(text.trimEnd().split("\n").length).toBeLessThanOrEqual(40);
    const again = await recordSyntheticClient({ ...wanted, exchanges });
    expect(again.report).toMatchObject({ model: { sessions: 2 }, instruments: [{ verdict: { n: 6 } }] });
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
});
