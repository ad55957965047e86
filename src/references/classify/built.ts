import type { Located } from "../resolve/ground.ts";
import { folderOf, isAbove } from "../resolve/paths.ts";
import { baseName } from "../extract/path-shape.ts";
import type { Mention } from "../schema.ts";
import { type Early, early, ev, isLinkKind } from "./early.ts";
import { dataReason } from "./shapes.ts";
import type { Surroundings } from "./surroundings.ts";

const published =
  /(?:^|\.)(?:main|module|browser|types|typings|exports|bin|files|import|require|default|unpkg|jsdelivr|svelte)(?:$|\.)/;
const templates = [".tmpl", ".in", ".template", ".jinja", ".jinja2", ".j2", ".tpl", ".erb"];

/** What a build, an installation or a pattern's own reach accounts for; undefined if nothing does. `isKnown`: history has it. */
export function madeByBuild(
  mention: Mention,
  from: string,
  located: Located,
  isKnown: boolean,
  around: Surroundings,
): Early | undefined {
  const { index } = around.ground.lookup;
  const name = baseName(from);
  const targets = located.tried.map(({ target }) => target).filter((target) => !isAbove(target));
  if (name === "package.json" && mention.encoding === "json" && published.test(mention.key ?? ""))
    return early("generated", "possible", ev("published", "what a package publishes, made by its build"));
  if (name === ".gitattributes" && /linguist-generated/.test(mention.key ?? ""))
    return early("generated", "likely", ev("declared", "declared as generated"));
  for (const target of targets) {
    const template = templates.find((suffix) => index.hasFile(`${target}${suffix}`));
    if (template !== undefined)
      return early("generated", "likely", ev("template", `made of ${baseName(target)}${template}`));
  }
  if (mention.glob === true && mention.kind !== "copy") {
    const isReached = targets.some((target) => {
      const fixed = folderOf(target.slice(0, Math.max(0, target.search(/[*?[{]/))));
      return fixed !== "" && index.isFolder(fixed);
    });
    if (isReached) return early("unknown", "possible", ev("pattern", "a pattern that matches nothing now"));
  }
  // Data that an ignore rule keeps out may lie on another disk; a page that one keeps out is built.
  const isPage = isLinkKind(mention) || mention.kind === "include";
  if (isKnown || !isPage || dataReason(mention.path, false) !== undefined) return undefined;
  if (targets.some((target) => around.isIgnored(target)))
    return early("generated", "likely", ev("ignored", "an ignore rule keeps it out, and it never was here"));
  return undefined;
}
