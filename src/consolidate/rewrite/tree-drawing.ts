/** How a drawn tree looks: its branches, the slash of its folders, its line ends. */
export type DrawingStyle = {
  /** Before every line. */
  lead: string;
  branch: string;
  lastBranch: string;
  through: string;
  blank: string;
  folderSlash: boolean;
  newline: string;
  /** Column where remarks stand, 0 if they follow their names. */
  remarkColumn: number;
};

/** A line to draw: its path, what stands around its name, and the offset of the line that it was. */
export type DrawnNode = {
  path: string;
  isFolder: boolean;
  before: string;
  after: string;
  remark: string;
  origin?: number;
};

type Branch = { name: string; node?: DrawnNode; children: Map<string, Branch> };

/** The style of a drawing, read from its first lines (as UTF-8). */
export function drawingStyle(block: string, folderSlash: boolean, remarkColumn: number): DrawingStyle {
  const lead = /^[ \t]*/.exec(block)?.[0] ?? "";
  const newline = block.includes("\r\n") ? "\r\n" : "\n";
  const common = { lead, newline, folderSlash, remarkColumn };
  const drawn = /([├┝┠┣╠└┗╚╰])([─━═-]*[ \u00a0]*)/.exec(block);
  if (drawn !== null) {
    const isHeavy = /[┣┗]/.test(drawn[1] as string);
    const isDouble = /[╠╚]/.test(drawn[1] as string);
    const arm = drawn[2] as string;
    const rest = /[│┃║]([ \u00a0]+)/.exec(block)?.[1];
    const pad = rest?.length === arm.length ? rest : " ".repeat(arm.length);
    const last = block.includes("╰") ? "╰" : isHeavy ? "┗" : isDouble ? "╚" : "└";
    return {
      ...common,
      branch: `${isHeavy ? "┣" : isDouble ? "╠" : "├"}${arm}`,
      lastBranch: `${last}${arm}`,
      through: `${isHeavy ? "┃" : isDouble ? "║" : "│"}${pad}`,
      blank: " ".repeat(arm.length + 1),
    };
  }
  const plain = /([|+])(-+[ ]*)/.exec(block);
  const arm = plain?.[2] ?? "-- ";
  const last = /^[ \t|]*([`\\])-/m.exec(block)?.[1] ?? plain?.[1] ?? "`";
  return {
    ...common,
    branch: `${plain?.[1] ?? "|"}${arm}`,
    lastBranch: `${last}${arm}`,
    through: `|${" ".repeat(arm.length)}`,
    blank: " ".repeat(arm.length + 1),
  };
}

function grow(nodes: readonly DrawnNode[]): Map<string, Branch> {
  const top = new Map<string, Branch>();
  for (const node of nodes) {
    let level = top;
    let branch: Branch | undefined;
    for (const name of node.path.split("/")) {
      branch = level.get(name);
      if (branch === undefined) level.set(name, (branch = { name, children: new Map() }));
      level = branch.children;
    }
    if (branch !== undefined) branch.node ??= node;
  }
  return top;
}

/**
 * Draws a tree anew. `places`: offset of a line as it was -> byte offset of its name in the new text, for every node
 * that is drawn again.
 */
export function drawTree(
  nodes: readonly DrawnNode[],
  style: DrawingStyle,
): { text: string; places: Map<number, number> } {
  const places = new Map<number, number>();
  const lines: string[] = [];
  let bytes = 0;
  const put = (prefix: string, { name, node, children }: Branch): void => {
    const isFolder = children.size > 0 || node?.isFolder === true;
    const named = `${name}${isFolder && style.folderSlash ? "/" : ""}`;
    const start = `${prefix}${node?.before ?? ""}`;
    const body = `${start}${named}${node?.after ?? ""}`;
    const remark = node?.remark ?? "";
    const gap = remark === "" ? "" : " ".repeat(Math.max(2, style.remarkColumn - body.length));
    const line = `${body}${gap}${remark}`;
    if (node?.origin !== undefined) places.set(node.origin, bytes + Buffer.byteLength(start));
    lines.push(line);
    bytes += Buffer.byteLength(line) + style.newline.length;
  };
  const walk = (level: Map<string, Branch>, prefix: string): void => {
    const branches = [...level.values()];
    for (const [at, branch] of branches.entries()) {
      const isLast = at === branches.length - 1;
      put(prefix + (isLast ? style.lastBranch : style.branch), branch);
      walk(branch.children, prefix + (isLast ? style.blank : style.through));
    }
  };
  walk(grow(nodes), style.lead);
  return { text: lines.join(style.newline), places };
}
