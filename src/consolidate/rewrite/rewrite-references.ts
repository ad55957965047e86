import type { Extraction, Mention, Reference } from "../../references/index.ts";
import type { TreeIndex } from "../../repository/index.ts";
import type { Placement } from "./placement.ts";
import { breaksDrawing, redrawTree, type TreeNode } from "./redraw-tree.ts";
import { respell, type RespellGround, type Respelling } from "./respell-reference.ts";
import type { Edit } from "./splice.ts";

/** What a reader of the change should know although nothing breaks. */
export type Reported = {
  path: string;
  line: number;
  subject: string;
  what: "tree-redrawn" | "tree-kept" | "folder-split";
  text: string;
};

export type ReferenceRewrites = {
  edits: Edit[];
  problems: { line: number; subject: string; target: string | undefined; why: string }[];
  reported: Reported[];
};

type Input = {
  path: string;
  references: readonly Reference[];
  extraction: Extraction | undefined;
  /** The file's text as latin1, read when it is needed. */
  readText: () => Promise<string>;
  ground: RespellGround;
  /** True for a reference whose text is left as it is. */
  stays: (reference: Reference) => boolean;
};

function mentionAt(extraction: Extraction | undefined, reference: Reference): Mention | undefined {
  return extraction?.mentions.find((one) => one.start === reference.start && one.end === reference.end);
}

/** Nodes of each drawn tree of the file, label first. */
function treesOf({ references, extraction }: Input): TreeNode[][] {
  const groups = new Map<number, TreeNode[]>();
  for (const reference of references) {
    const mention = reference.kind === "tree" ? mentionAt(extraction, reference) : undefined;
    if (mention?.group === undefined) continue;
    groups.set(mention.group, [...(groups.get(mention.group) ?? []), { reference, mention }]);
  }
  return [...groups.values()];
}

/** Draws those trees anew whose nodes no longer stand where they are drawn. */
async function redrawTrees(
  input: Input,
  results: ReadonlyMap<Reference, Respelling>,
): Promise<{ edits: Edit[]; reported: Reported[]; done: Set<Reference> }> {
  const edits: Edit[] = [];
  const reported: Reported[] = [];
  const done = new Set<Reference>();
  for (const nodes of treesOf(input)) {
    const broken = nodes.find((node) => {
      const result = results.get(node.reference);
      return result !== undefined && breaksDrawing(node, result);
    });
    if (broken === undefined || nodes.some(({ reference }) => input.stays(reference))) continue;
    const drawn = redrawTree(await input.readText(), nodes, input.ground);
    const first = nodes[0]?.reference ?? broken.reference;
    const common = { path: input.path, line: first.line, subject: first.raw };
    if (typeof drawn === "string") {
      reported.push({ ...common, what: "tree-kept", text: `a drawn tree keeps its shape: ${drawn}` });
      continue;
    }
    edits.push(...drawn);
    for (const { reference } of nodes) done.add(reference);
    reported.push({ ...common, what: "tree-redrawn", text: "a drawn tree is drawn anew" });
  }
  return { edits, reported, done };
}

/** True for a folder whose files go to different places: it is named by the lowest folder that holds them. */
function isSplit(reference: Reference, index: TreeIndex, placement: Placement): boolean {
  const target = (reference.target ?? "").replace(/\/+$/, "");
  return !index.hasFile(target) && index.isFolder(target) && placement.isSplit(target);
}

/** The new text of every reference of one file, drawn trees included. */
export async function rewriteReferences(input: Input): Promise<ReferenceRewrites> {
  const { path, references, extraction, ground, stays } = input;
  const results = new Map<Reference, Respelling>();
  for (const reference of references)
    if (reference.class === "resolves")
      results.set(reference, respell(reference, mentionAt(extraction, reference), ground));
  const { edits, reported, done } = await redrawTrees(input, results);
  const rewrites: ReferenceRewrites = { edits, problems: [], reported };
  for (const [reference, result] of results) {
    const { start, end, line, raw, target } = reference;
    if (stays(reference) || done.has(reference)) continue;
    if (result.kind === "edit") {
      edits.push({ start, end, text: result.text });
      if (isSplit(reference, ground.index, ground.placement))
        reported.push({
          path,
          line,
          subject: raw,
          what: "folder-split",
          text: `its files went apart: now ${result.text}`,
        });
    }
    if (result.kind === "impossible") rewrites.problems.push({ line, subject: raw, target, why: result.why });
  }
  return rewrites;
}
