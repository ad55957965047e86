import { relativePath } from "../../shared/index.ts";
import type { Mention, Reference } from "../../references/index.ts";
import type { Respelling } from "./respell-reference.ts";

const trim = (path: string): string => path.replace(/\/+$/, "");

function dotted(path: string): string {
  return path
    .replace(/\/__init__\.py$/, "")
    .replace(/\.py$/, "")
    .replaceAll("/", ".");
}

/** `a.b.C` for a module's file: the module's part is respelled, what follows stays. */
export function respellDotted(
  reference: Reference,
  before: string,
  after: string,
  target: string,
  newTarget: string,
): Respelling | undefined {
  const inside =
    before === "" ? target : target.startsWith(`${before}/`) ? target.slice(before.length + 1) : undefined;
  if (inside === undefined || !target.endsWith(".py") || /[\\/]|\.pyi?$/.test(reference.raw))
    return undefined;
  const old = dotted(inside);
  if (reference.raw !== old && !reference.raw.startsWith(`${old}.`) && !reference.raw.startsWith(`${old}:`))
    return undefined;
  const fresh = relativePath(after, newTarget);
  if (fresh.startsWith(".."))
    return { kind: "impossible", why: `${newTarget} is not below ${after === "" ? "the root" : after}` };
  const text = dotted(fresh) + reference.raw.slice(old.length);
  return text === reference.raw ? { kind: "same" } : { kind: "edit", text };
}

/**
 * A link's text that spells the end of its destination, `docs/a.md` for `../docs/a.md`: as much of the new one.
 */
export function respellLabel(
  reference: Reference,
  mention: Mention | undefined,
  bases: { before: string; after: string },
  target: string,
  newTarget: string,
): Respelling | undefined {
  const { raw, kind } = reference;
  if (mention === undefined || reference.base !== "file" || kind === "link" || kind === "image")
    return undefined;
  const ups = /^(?:\.{1,2}\/)+/;
  if (!ups.test(mention.path) || ups.test(raw) || !mention.path.endsWith(`/${raw}`)) return undefined;
  if (!/\.(?:md|mdx|markdown|ipynb)$/i.test(reference.path) || mention.keep !== undefined) return undefined;
  if (newTarget === target && bases.before === bases.after) return { kind: "same" };
  const parts = relativePath(bases.after, newTarget).replace(ups, "").split("/");
  const levels = (path: string): number => trim(path).split("/").length;
  const isWhole = mention.path.replace(ups, "") === raw;
  const text = (isWhole ? parts : parts.slice(-levels(raw))).join("/");
  if (text === "." || !/\w/.test(text))
    return { kind: "impossible", why: "its link leads to no named place" };
  const dressed = raw.endsWith("/") ? `${text}/` : text;
  return dressed === raw ? { kind: "same" } : { kind: "edit", text: dressed };
}
