import { execFileSync, spawn, spawnSync, type ChildProcess } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const needed = ["slurmctld", "slurmd", "sbatch", "scontrol", "squeue", "munged"];

/** What of Slurm is not installed here. */
export function missingSlurm(): string[] {
  return needed.filter(
    (name) =>
      spawnSync("sh", ["-c", `command -v ${name}`], {
        env: { ...process.env, PATH: `${process.env["PATH"]}:/usr/sbin` },
      }).status !== 0,
  );
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export type Cluster = {
  environment: NodeJS.ProcessEnv;
  run: (...argv: string[]) => string;
  stop: () => Promise<void>;
};

/** A Slurm of one node on loopback: partition `low` may be preempted by jobs of `high`, which queues them again. */
export async function startCluster(folder: string, cpus: number): Promise<Cluster> {
  for (const name of ["state", "spool", "munge"]) mkdirSync(join(folder, name), { recursive: true });
  chmodSync(folder, 0o755);
  chmodSync(join(folder, "munge"), 0o700);
  const munge = (name: string): string => join(folder, "munge", name);
  const key = Buffer.alloc(1024);
  for (let at = 0; at < key.length; at++) key[at] = (at * 131 + 7) % 256; // a test's own key on loopback
  writeFileSync(munge("key"), key, { mode: 0o400 });
  const host = hostname().split(".")[0] as string;
  const [control, node] = [await freePort(), await freePort()];
  const conf = join(folder, "slurm.conf");
  // cred_expire is also how long a queued-again job waits.
  writeFileSync(
    conf,
    `ClusterName=test
SlurmctldHost=${host}(127.0.0.1)
SlurmctldPort=${control}
SlurmdPort=${node}
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=${munge("socket")},cred_expire=10
CryptoType=crypto/munge
StateSaveLocation=${folder}/state
SlurmdSpoolDir=${folder}/spool
SlurmctldPidFile=${folder}/slurmctld.pid
SlurmdPidFile=${folder}/slurmd.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerType=sched/backfill
SchedulerParameters=batch_sched_delay=0,sched_interval=2,sched_min_interval=0,bf_interval=2
PreemptType=preempt/partition_prio
PreemptMode=REQUEUE
ReturnToService=2
KillWait=20
MinJobAge=300
SlurmctldTimeout=30
SlurmdTimeout=60
NodeName=${host} NodeAddr=127.0.0.1 CPUs=${cpus} RealMemory=4000 State=UNKNOWN
PartitionName=low Nodes=${host} Default=YES MaxTime=24:00:00 PriorityTier=1 PreemptMode=REQUEUE GraceTime=30 State=UP
PartitionName=high Nodes=${host} MaxTime=1:00:00 PriorityTier=10 PreemptMode=OFF State=UP
`,
  );
  const environment: NodeJS.ProcessEnv = {
    ...process.env,
    SLURM_CONF: conf,
    PATH: `${process.env["PATH"]}:/usr/sbin`,
  };
  const children: ChildProcess[] = [];
  const daemon = (program: string, ...words: string[]): ChildProcess => {
    const child = spawn(program, words, {
      env: environment,
      stdio: ["ignore", "ignore", "pipe"],
      detached: false,
    });
    child.stderr?.resume();
    children.push(child);
    return child;
  };
  daemon(
    "munged",
    "--force",
    "--foreground",
    `--key-file=${munge("key")}`,
    `--socket=${munge("socket")}`,
    `--pid-file=${munge("pid")}`,
    `--log-file=${munge("log")}`,
    `--seed-file=${munge("seed")}`,
    "--num-threads=2",
  );
  await sleep(500);
  daemon("slurmctld", "-D", "-f", conf, "-L", join(folder, "slurmctld.log"));
  daemon("slurmd", "-D", "-f", conf, "-N", host, "-L", join(folder, "slurmd.log"));
  const run = (...argv: string[]): string =>
    execFileSync(argv[0] as string, argv.slice(1), {
      env: environment,
      encoding: "utf8",
      timeout: 30_000,
    }).trim();
  const stop = async (): Promise<void> => {
    // Jobs outlive their daemons.
    const queue = (): string =>
      spawnSync("squeue", ["--noheader"], { env: environment, encoding: "utf8" }).stdout.trim();
    spawnSync("scancel", ["--full", "--signal=KILL", "--me"], { env: environment });
    spawnSync("scancel", ["--me"], { env: environment });
    for (let waited = 0; queue() !== "" && waited < 50; waited++) await sleep(200);
    for (const child of children.toReversed()) {
      child.kill("SIGTERM");
      for (let waited = 0; child.exitCode === null && child.signalCode === null && waited < 50; waited++)
        await sleep(100);
      if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
    }
  };
  for (let waited = 0; ; waited++) {
    const state = spawnSync("sinfo", ["--noheader", "--format=%T", "--partition=low"], {
      env: environment,
      encoding: "utf8",
    }).stdout.trim();
    if (state === "idle") break;
    if (waited > 60) {
      await stop();
      throw new Error(
        `the cluster did not start: ${state}\n${readFileSync(join(folder, "slurmctld.log"), "utf8").slice(-2000)}`,
      );
    }
    await sleep(500);
  }
  return { environment, run, stop };
}
