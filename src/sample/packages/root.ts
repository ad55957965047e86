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
  const readme = (path: string): string => w.resolves(`${w.rooted(path)}/README.md`, `${path}/README.md`);
  const own = `https://github.com/${n.owner}/${n.repository}`;
  const page = (path: string, verdict: "resolves" | "stale"): string =>
    w.reference(`${own}/blob/main/${w.rooted(path)}`, verdict, path, { loose: true, withoutGit: "external" });
  const pinned = `${own}/blob/0123456789abcdef0123456789abcdef01234567/${w.rooted(n.vanished)}/USER_GUIDE.md`;
  w.file(
    "README.md",
    `# ${n.repository}

Conversation models for mental-health support. Everything here is synthetic.

- [Quick start](${w.resolves(w.rooted("ai/QUICK_START_GUIDE.md"), "ai/QUICK_START_GUIDE.md")})
- [Package ${n.version}](${readme(n.therapeutic)})
- [Studio package](${readme(n.lightning)})
- [Cloud](${readme(n.ovh)})

On the web: [phases](${page(`${n.home}/S3_EXECUTION_ORDER.md`, "resolves")}), [user guide](${page(`${n.vanished}/USER_GUIDE.md`, "stale")}),
[the guide as it was](${w.reference(pinned, "external")}), [the engine](${w.reference("https://github.com/example-engines/fast-server/blob/main/docs/setup.md", "external")}).
`,
    { stage: "start" },
  );
}
