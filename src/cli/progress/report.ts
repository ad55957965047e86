import { z } from "zod";
import { clientReportHtml, clientReportOf, reportHtml, reportOf } from "../../progress/index.ts";
import { writeFileAtomic } from "../../shared/index.ts";
import { defineCommand } from "../framework/command.ts";
import { userPath } from "../framework/run.ts";
import { homeFlag, homeOf, tenantFlag } from "./flags.ts";
import { asLocalOperator } from "./local-call.ts";
import { formatClientReport, formatReport } from "./report.format.ts";

export default defineCommand({
  name: "report",
  summary: "Show where a client stands",
  description:
    "Markdown. Computed facts and sentences that were checked against them, no model text. Exit 1 if a sentence failed its check and was left out. The reading stands in the ledger.",
  arguments: [{ name: "CLIENT", description: "the client's id", required: true }],
  options: z.strictObject({
    home: homeFlag,
    tenant: tenantFlag,
    edition: z
      .enum(["clinician", "client"])
      .default("clinician")
      .meta({ description: "for whom; the client's is in plain words" }),
    html: z.string().optional().meta({ description: "also write the report as a page", value: "FILE" }),
  }),
  examples: [
    {
      line: "training-ready progress report c-17 --home training_ready",
      does: "prints the report on one screen",
    },
    {
      line: "training-ready progress report c-17 --edition client",
      does: "prints the client's own edition, in plain words; with --html as a page to hand over",
    },
    {
      line: "training-ready progress report c-17 --html c-17.html",
      does: "also writes it as a page with its chart",
    },
  ],
  async run({ options, arguments: [client = ""] }, context) {
    const home = homeOf(context, options.home);
    if (options.edition === "client") {
      const own = await asLocalOperator(home, { tenant: options.tenant, role: "supervisor" }, (call) =>
        clientReportOf(call, client),
      );
      if (options.html !== undefined)
        await writeFileAtomic(userPath(context, options.html), clientReportHtml(own), { mode: 0o600 });
      return { exitCode: own.dropped.length > 0 ? 1 : 0, document: own, text: formatClientReport(own) };
    }
    const report = await asLocalOperator(home, { tenant: options.tenant, role: "supervisor" }, (call) =>
      reportOf(call, client),
    );
    if (options.html !== undefined)
      await writeFileAtomic(userPath(context, options.html), reportHtml(report), { mode: 0o600 });
    return { exitCode: report.dropped.length > 0 ? 1 : 0, document: report, text: formatReport(report) };
  },
});
