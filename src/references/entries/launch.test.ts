import { describe, expect, it } from "vitest";
import { unwrapLaunch } from "./launch.ts";

const launchOf = (command: string): string | undefined => {
  const found = unwrapLaunch(command.match(/"[^"]*"|\S+/g)?.map((word) => word.replaceAll('"', "")) ?? []);
  if (found === undefined) return undefined;
  const environment = Object.entries(found.environment).map(([name, value]) => `${name}=${value}`);
  return [found.mode, found.target, ...environment, found.folder, found.inContainer ? "container" : undefined]
    .filter((one) => one !== undefined)
    .join(" ");
};

describe("a command", () => {
  it.each([
    ["python train.py --x 1", "script train.py"],
    ["python3.11 -u -W ignore src/train.py", "script src/train.py"],
    ["/usr/bin/python -m pkg.train --x", "module pkg.train"],
    ["python -um pkg.train", "module pkg.train"],
    ["python -c pass", undefined],
    ["PYTHONPATH=src:. A=1 python t.py", "script t.py PYTHONPATH=src:. A=1"],
    ["env -u B A=1 python t.py", "script t.py A=1"],
    ["sudo -u me nohup nice -n 5 python t.py", "script t.py"],
    ["timeout 60 python t.py", "script t.py"],
    ["torchrun --nproc_per_node 8 --standalone t.py --a", "script t.py"],
    ["torchrun --nnodes=2 --rdzv_endpoint=h:1 -m pkg.t", "module pkg.t"],
    ["python -m torch.distributed.launch --nproc_per_node=8 --use_env t.py", "script t.py"],
    ["python -m torch.distributed.run --nproc-per-node 2 --module pkg.t", "module pkg.t"],
    ["deepspeed --num_gpus 8 --hostfile h t.py --deepspeed", "script t.py"],
    ["deepspeed --include localhost:0,1 --module pkg.t", "module pkg.t"],
    ["accelerate launch --config_file c.yaml --multi_gpu t.py --x", "script t.py"],
    ["accelerate launch -m pkg.t", "module pkg.t"],
    ["python -m accelerate.commands.launch --num_processes 2 t.py", "script t.py"],
    ["horovodrun -np 4 -H a:2,b:2 python t.py", "script t.py"],
    ["mpirun -np 4 -x PATH --allow-run-as-root python -u t.py", "script t.py"],
    ["srun --container-image=x --nodes 2 python t.py", "script t.py container"],
    ['sbatch --wrap "cd x && python t.py"', "script t.py"],
    ['bash -c "A=1 python t.py"', "script t.py A=1"],
    ["uv run --extra x t.py", "script t.py"],
    ["uv run --directory sub python t.py", "script t.py sub"],
    ["uv run python -m pkg.t", "module pkg.t"],
    ["poetry run python t.py", "script t.py"],
    ["conda run -n e --no-capture-output python t.py", "script t.py"],
    ["docker run --gpus all -w /app -v .:/app image python t.py", "script t.py /app container"],
    ["uvicorn a.b:app --host 0.0.0.0 --port 80", "asgi a.b:app"],
    ["uvicorn --app-dir srv main:app", "asgi main:app srv"],
    ["gunicorn -w 4 -k uvicorn.workers.UvicornWorker a.b:app", "asgi a.b:app"],
    ["python -m uvicorn a:app", "asgi a:app"],
    ["streamlit run ui/app.py -- --x", "script ui/app.py"],
    ["coverage run -m pkg.t", "module pkg.t"],
    ["python -m cProfile -o out.prof t.py", "script t.py"],
    ["nsys profile -o x -t cuda python t.py", "script t.py"],
    ["./t.py --x", "script ./t.py"],
    ["pip install -r r.txt", undefined],
    ["make train", undefined],
    ["bash run.sh", undefined],
    ["", undefined],
  ])("%s", (command, expected) => {
    expect(launchOf(command)).toBe(expected);
  });
});
