import type { World } from "../world.ts";

/** The quick start in three versions; the first speaks of the folder that is gone. Root and package share it. */
export function quickStart(w: World, version: 1 | 2 | 3): string {
  const { names: n } = w;
  const old = n.vanished;
  const gone = (path: string): string => w.reference(`${old}/${path}`, "stale", `${old}/${path}`);
  const moved = (path: string, to: string): string =>
    w.reference(`${old}/${path}`, "stale", `${old}/${path}`, {
      fix: { to: `${n.therapeutic}/${to}`, certainty: "certain" },
    });
  const here = (path: string): string => w.resolves(`${n.therapeutic}/${path}`);
  const first = version === 1;
  return `# Quick start

Fine-tune the companion model on one accelerator. Every dialogue used here is synthetic.

## 1. Get the code

\`\`\`bash
git clone ${w.reference(`https://github.com/${n.owner}/${n.repository}.git`, "external", undefined, { accept: ["resolves"] })}
cd ${w.reference(n.repository, "resolves", "", { accept: ["external", "placeholder", "unknown"] })}
\`\`\`

## 2. Train

The mixture of experts is defined in \`${first ? gone("moe_architecture.py") : here("training_scripts/moe_architecture.py")}\`.

\`\`\`bash
python ${first ? gone("train_moe_h100.py") : here("training_scripts/train_moe_h100.py")} --config ${here("configs/moe_training_config.json")}
\`\`\`

## 3. Serve

Answers are cached by \`${first ? moved("inference_optimizer.py", "training_scripts/inference_optimizer.py") : here("training_scripts/inference_optimizer.py")}\`;
sessions are recorded by \`${first ? moved("progress_tracking_api.py", "training_scripts/progress_tracking_api.py") : here("training_scripts/progress_tracking_api.py")}\`.
${
  version >= 3
    ? `
## 4. Watch the window

Choose a profile with \`--profile\`: \`fast\`, \`balanced\`, \`quality\` or \`memory_efficient\`.
The estimate is printed before the first step, and again at every checkpoint.
`
    : ""
}
## Read on

- ${first ? `\`${moved("H100_QUICK_DEPLOY.md", "docs/LIGHTNING_H100_QUICK_DEPLOY.md")}\`` : `\`${here("docs/LIGHTNING_H100_QUICK_DEPLOY.md")}\``}: the machine, step by step
${first ? `- \`${gone("TRAINING_PROCEDURES.md")}\`: procedures and checklists\n- \`${gone("USER_GUIDE.md")}\`: for the people who operate it\n` : `- \`${here("docs/IMPLEMENTATION_COMPLETE.md")}\`: what ${n.version} holds\n`}`;
}
