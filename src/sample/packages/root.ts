import { quickStart } from "../content/quick-start.ts";
import type { World } from "../world.ts";

/** What lies above the packages: the root guide that stayed at its first version, and the project's own files. */
export function plantRoot(w: World): void {
  const { names: n } = w;
  w.file("ai/QUICK_START_GUIDE.md", quickStart(w, 1), { stage: "therapeutic" });
  w.copy({
    a: "ai/QUICK_START_GUIDE.md",
    b: `${n.therapeutic}/docs/QUICK_START_GUIDE.md`,
    relations: ["older"],
    stages: ["therapeutic"],
    behind: 2,
  });
  w.file(
    "README.md",
    `# ${n.repository}

Conversation models for mental-health support. Everything here is synthetic.

- [Quick start](${w.resolves(w.rooted("ai/QUICK_START_GUIDE.md"), "ai/QUICK_START_GUIDE.md")})
- [Package ${n.version}](${w.resolves(`${w.rooted(n.therapeutic)}/README.md`, `${n.therapeutic}/README.md`)})
- [Studio package](${w.resolves(`${w.rooted(n.lightning)}/README.md`, `${n.lightning}/README.md`)})
`,
    { stage: "start" },
  );
}
