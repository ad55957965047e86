import type { CommandNode, CommandSpec } from "../framework/command.ts";

type Listed = readonly [path: string, summary: string];

/** What each platform's commands are called: kept light, since every start of the program reads it. */
const listed: Readonly<Record<string, { summary: string; actions: readonly Listed[] }>> = {
  lightning: {
    summary: "studios, jobs and deployments on Lightning.ai",
    actions: [
      ["check", "find mistakes before money is spent"],
      ["settings", "print every setting with its default"],
      ["render", "write the studio package with its one-click start"],
      ["studio start", "start the studio, set when it sleeps, and send the package"],
      ["studio stop", "stop the studio; its files stay"],
      ["job run", "run the training as a job in the studio's environment"],
      ["job list", "list the jobs of the teamspace"],
      ["job follow", "follow a job's output"],
      ["job stop", "stop a job"],
      ["app deploy", "deploy the service that serves the model"],
      ["app show", "show the deployment"],
      ["app delete", "delete the deployment"],
    ],
  },
  ovh: {
    summary: "jobs, data and apps on OVH AI Training",
    actions: [
      ["check", "find mistakes before money is spent"],
      ["settings", "print every setting with its default"],
      ["render", "write the job's script"],
      ["job run", "submit the training: one stage, or all of them"],
      ["job list", "list the jobs"],
      ["job follow", "follow a job's output"],
      ["job stop", "stop a job; what was sent so far stays"],
      ["image build", "build the training image"],
      ["image push", "push the training image to the registry that OVH reads"],
      ["data upload", "send a data set's folder"],
      ["data download", "fetch the data set into a folder"],
      ["data list", "list the objects of the data set"],
      ["data inventory", "list the objects of the data set with their sha256"],
      ["checkpoint upload", "send a run's folder"],
      ["checkpoint download", "fetch the run with its checkpoints into a folder"],
      ["checkpoint list", "list what was sent of the run"],
      ["checkpoint inventory", "list what was sent of the run with its sha256"],
      ["app deploy", "deploy the service that serves the model"],
      ["app scale", "change the number of copies, as the settings say"],
      ["app show", "show an app"],
      ["app stop", "stop an app; it can be started again"],
      ["app delete", "delete an app"],
    ],
  },
  slurm: {
    summary: "batch jobs and arrays on a Slurm cluster",
    actions: [
      ["check", "find mistakes before money is spent"],
      ["settings", "print every setting with its default"],
      ["render", "write the batch files of training, data and the service"],
      ["job run", "submit the training job"],
      ["data run", "submit the array that builds the data set, and the job that publishes it"],
      ["app deploy", "serve the model as a job on a node"],
      ["job list", "list your jobs"],
      ["job follow", "follow a job's output"],
      ["job stop", "cancel a job; the run saves first"],
    ],
  },
  kubernetes: {
    summary: "jobs and the service on Kubernetes",
    actions: [
      ["check", "find mistakes before money is spent"],
      ["settings", "print every setting with its default"],
      ["render", "write all manifests and the kustomize base"],
      ["job run", "submit the training job"],
      ["data run", "run the array that builds the data set, then the job that publishes it"],
      ["job list", "list the jobs"],
      ["job follow", "follow a job's output"],
      ["job stop", "delete a job; the run on the volume stays and can go on"],
      ["app deploy", "deploy the service with its probes, budget, scaling and network policy"],
      ["app scale", "change the number of copies"],
      ["app show", "show the service's state"],
      ["app delete", "delete the service; the volume stays"],
    ],
  },
  docker: {
    summary: "images, and the service on one host",
    actions: [
      ["check", "find mistakes before money is spent"],
      ["settings", "print every setting with its default"],
      ["render", "write Dockerfiles and the composition"],
      ["image build", "build the images of training, inference and Ollama"],
      ["image push", "push the images to the registry"],
      ["image digests", "print the digest of each base image, for image_digests"],
      ["app deploy", "start service, PostgreSQL, Redis and engine on this host"],
      ["app show", "show the composition's state"],
      ["app stop", "stop the composition; its volumes stay"],
    ],
  },
};

const groupSummaries: Readonly<Record<string, string>> = {
  job: "training jobs",
  data: "data sets",
  checkpoint: "runs with their checkpoints",
  image: "images",
  app: "the service that serves a model",
  studio: "the studio",
};

function leaf(platform: string, path: string, summary: string): CommandNode {
  const words = path.split(" ");
  return {
    kind: "command",
    name: words.at(-1) as string,
    summary,
    load: async () => {
      const { actionCommand } = await import("./action-command.ts");
      return { default: actionCommand(platform, path) as unknown as CommandSpec<never> };
    },
  };
}

function groupOf(platform: string): CommandNode {
  const { summary, actions } = listed[platform] as (typeof listed)[string];
  const children: CommandNode[] = [];
  for (const [path, said] of actions) {
    const [first = "", second] = path.split(" ");
    if (second === undefined) {
      children.push(leaf(platform, path, said));
      continue;
    }
    if (children.some((one) => one.name === first)) continue;
    children.push({
      kind: "group",
      name: first,
      summary: groupSummaries[first] ?? first,
      children: actions
        .filter(([one]) => one.startsWith(`${first} `))
        .map(([one, what]) => leaf(platform, one, what)),
    });
  }
  return { kind: "group", name: platform, summary, children };
}

const storeActions: readonly Listed[] = [
  ["push", "send what is new or different in a folder"],
  ["pull", "fetch what is new or different there"],
  ["status", "show the difference; changes nothing"],
  ["list", "list a place's files"],
  ["inventory", "list a place's files with their sha256"],
];

function storeGroup(kind: "s3" | "drive", summary: string): CommandNode {
  return {
    kind: "group",
    name: kind,
    summary,
    children: storeActions.map(([name, said]) => ({
      kind: "command",
      name,
      summary: said,
      load: async () => {
        const { syncCommand } = await import("./sync-commands.ts");
        return { default: syncCommand(kind, name) as unknown as CommandSpec<never> };
      },
    })),
  };
}

/** The commands below `platform`. */
export const platformNodes: readonly CommandNode[] = [
  {
    kind: "command",
    name: "list",
    summary: "what each platform can do, what is installed, what is missing",
    load: () => import("./list.ts") as unknown as Promise<{ default: CommandSpec<never> }>,
  },
  ...Object.keys(listed).map(groupOf),
  storeGroup("s3", "sync with S3 and compatible stores, both ways, by hash"),
  storeGroup("drive", "sync with Google Drive, both ways, by hash"),
];
