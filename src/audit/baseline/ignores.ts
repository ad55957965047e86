import picomatch from "picomatch";
import type { HomeConfig } from "../../home/index.ts";
import { ruleOf, rules } from "../findings/rules.data.ts";
import { comparePlaces } from "../findings/settle.ts";
import type { AuditWarning, Finding, FindingPlace } from "../report.ts";
import type { InlineIgnore } from "../secrets/schema.ts";
import { didYouMean } from "../../shared/index.ts";

export type IgnoreRules = {
  config: HomeConfig["ignore"];
  /** Comments by file. */
  inline: ReadonlyMap<string, readonly InlineIgnore[]>;
  /** Today as `2026-01-31`: rules whose `until` lies before it count no more. */
  today: string | undefined;
};

export type Ignored = {
  findings: Finding[];
  /** Findings and places that a rule or comment took out. */
  ignored: { findings: number; places: number };
  warnings: AuditWarning[];
};

const match = (glob: string): ((path: string) => boolean) => {
  const isMatch = picomatch(glob, { dot: true });
  // A folder's own name covers what is below it.
  const below = picomatch(`${glob.replace(/\/+$/, "")}/**`, { dot: true });
  return (path) => isMatch(path) || below(path);
};

function withoutPlaces(finding: Finding, keeps: (place: FindingPlace) => boolean): Finding | undefined {
  const places = finding.places.filter(keeps);
  if (places.length === finding.places.length) return finding;
  const first = places.toSorted(comparePlaces)[0];
  if (first === undefined) return undefined;
  const { fix: _, ...rest } = finding;
  return {
    ...rest,
    at: { path: first.path, line: first.line, start: first.start ?? 0, end: first.end ?? 0 },
    places,
    ...(first.fix === undefined ? {} : { fix: first.fix }),
  };
}

/**
 * Takes out what the config's `ignore` rules and `training-ready: ignore[rule]` comments name, place by place; a
 * finding goes when no place is left. Rules that took nothing out, ran out or name no rule are warnings.
 */
export function applyIgnores(findings: readonly Finding[], given: IgnoreRules): Ignored {
  const warnings: AuditWarning[] = [];
  const config = given.config.map((rule) => {
    const over = rule.until !== undefined && given.today !== undefined && rule.until < given.today;
    return {
      rule,
      over,
      used: false,
      path: rule.path === undefined ? undefined : match(rule.path),
      target: rule.target === undefined ? undefined : match(rule.target),
    };
  });
  const usedComments = new Set<InlineIgnore>();
  const ignored = { findings: 0, places: 0 };
  const kept: Finding[] = [];
  for (const finding of findings) {
    const before = finding.places.length;
    const left = withoutPlaces(finding, (place) => {
      for (const comment of given.inline.get(place.path) ?? []) {
        if (place.line !== comment.line && place.line !== comment.line + 1) continue;
        if (!comment.rules.includes(finding.rule)) continue;
        usedComments.add(comment);
        return false;
      }
      for (const one of config) {
        if (one.over || (one.rule.rule !== finding.rule && one.rule.rule !== "*")) continue;
        if (one.path !== undefined && !one.path(place.path)) continue;
        if (one.target !== undefined) {
          const named = [place.target, finding.subject].filter((target) => target !== undefined);
          if (!named.some(one.target)) continue;
        }
        one.used = true;
        return false;
      }
      return true;
    });
    ignored.places += before - (left?.places.length ?? 0);
    if (left === undefined) ignored.findings++;
    else kept.push(left);
  }
  for (const { rule, over, used } of config) {
    const said = [
      `rule ${rule.rule}`,
      rule.path && `path ${rule.path}`,
      rule.target && `target ${rule.target}`,
    ]
      .filter(Boolean)
      .join(", ");
    if (rule.rule !== "*" && ruleOf(rule.rule) === undefined) {
      warnings.push({
        code: "ignore-unknown-rule",
        message: `the config ignores ${said}, which is no rule.${didYouMean(rule.rule, Object.keys(rules))}`,
      });
    } else if (over)
      warnings.push({
        code: "ignore-over",
        message: `the config ignores ${said} until ${rule.until}: it counts again`,
      });
    else if (!used)
      warnings.push({
        code: "ignore-unused",
        message: `the config ignores ${said}, but nothing is found there: remove it`,
      });
  }
  for (const [path, comments] of [...given.inline].sort(([a], [b]) => (a < b ? -1 : 1))) {
    for (const comment of comments) {
      const unknown = comment.rules.filter((rule) => ruleOf(rule) === undefined);
      if (unknown.length > 0) {
        warnings.push({
          code: "ignore-unknown-rule",
          message: `line ${comment.line}: ${unknown.join(", ")} is no rule.${didYouMean(unknown[0] as string, Object.keys(rules))}`,
          path,
        });
      } else if (!usedComments.has(comment)) {
        warnings.push({
          code: "ignore-unused",
          message: `line ${comment.line}: nothing is found where ${comment.rules.join(", ")} is ignored`,
          path,
        });
      }
    }
  }
  return { findings: kept, ignored, warnings };
}
