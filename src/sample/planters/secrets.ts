import type { Random } from "../random.ts";
import type { World } from "../world.ts";

const alphabet = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789".split("");
const letters = (random: Random, count: number): string =>
  Array.from({ length: count }, () => random.pick(alphabet)).join("");

/** Tokens that have a provider's shape and are none, each beside something that only looks like one. */
export function plantSecrets(w: World): void {
  const { names: n } = w;
  const random = w.random.fork("secrets");
  // Put together here, so that no scanner of this source takes them for real.
  const join = (...parts: string[]): string => parts.join("");
  const kinds: (() => void)[] = [
    () =>
      w.file(
        `${n.ovh}/s3.env`,
        `# Made up for the sample.
AWS_ACCESS_KEY_ID=${w.secret(join("AK", "IA", "FAKE", letters(random, 12)), "aws-access-key")}
AWS_SECRET_ACCESS_KEY=\${AWS_SECRET_ACCESS_KEY:?set it in the shell}
S3_ENDPOINT=https://objects.example.org
`,
        { stage: "ovh" },
      ),
    () =>
      w.file(
        `${n.home}/configs/queue.yaml`,
        `# The password is made up.
broker: redis://sample:${w.secret(`not-a-real-${letters(random, 8)}`, "url-credentials")}@queue.example.org:6379/0
results: redis://sample:\${QUEUE_PASSWORD}@queue.example.org:6379/1
workers: 2
`,
        { stage: "notes" },
      ),
    () =>
      w.file(
        `${n.lightning}/${n.config}/tracking.json`,
        `{
  "project": "enhanced",
  "note": "the token is made up",
  "git_token": "${w.secret(join("gh", "p_", "FAKE", letters(random, 32)), "github-token")}",
  "other_token": "<your-token>",
  "model_token": "hf_your_token_here"
}
`,
        { stage: "notes" },
      ),
    () =>
      w.file(
        `${n.pipelines}/shared/deploy_key.txt`,
        `${w.secret(join("-----BEGIN ", "PRIVATE KEY-----\nRkFLRSBmYWtlIEZBS0Ugbm90IGEga2V5LCBhIHNhbXBsZQ==\n-----END ", "PRIVATE KEY-----"), "private-key")}\n`,
        { stage: "notes" },
      ),
  ];
  for (const plant of random.sample(kinds, 2)) plant();
}
