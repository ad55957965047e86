import type { AuditReport, FindingPlace } from "../../report.ts";
import { shownText } from "../../shown-text.ts";
import { nextStep, type ReportOptions } from "../next-step.ts";
import { grouped } from "../sizes.ts";
import type { ReportView } from "../view.ts";
import { html, message, type Markup } from "../../../shared/index.ts";
import { evidence, fixOf, place, severityTag } from "./pieces.ts";

/** Looks up what is written at a place of a finding. */
export function rawTexts(report: AuditReport): (one: FindingPlace) => string | undefined {
  const raws = new Map<string, string>();
  for (const one of report.references) {
    if (one.fix !== undefined) raws.set(`${one.path}\0${one.fix.start}`, one.raw);
  }
  return (one) => {
    const raw = raws.get(`${one.path}\0${one.fix?.start ?? one.start}`);
    return raw === undefined ? undefined : shownText(raw);
  };
}

export function fixFirstSection(report: AuditReport, view: ReportView, options: ReportOptions): Markup {
  const rawAt = rawTexts(report);
  if (view.fixFirst.length === 0) return html`<p class="empty panel">Nothing to fix was found.</p>`;
  return html`<ol class="fix">
    ${view.fixFirst.map((finding) => {
      const first = finding.evidence[0];
      const rest = finding.places.length - 3;
      return html`<li class="${finding.severity}">
        <div>
          <p>
            ${severityTag(finding.severity)} <a class="rule" href="#f-${finding.id}">${finding.rule}</a>
            <span class="where"
              >${finding.places.slice(0, 3).map((one, index) => html`${index > 0 && ", "}${place(one)}`)}${rest > 0 && ` and ${grouped(rest)} more`}</span
            >
          </p>
          <p class="what">${message(finding.message)}</p>
          ${first !== undefined && html`<p class="why">Evidence: ${evidence(first)}</p>`}${fixOf(finding.places, rawAt)}
          <p class="next"><span>Next</span> <code>${nextStep(finding, options)}</code></p>
        </div>
      </li>`;
    })}
  </ol>`;
}
