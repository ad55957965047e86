import type { World } from "../world.ts";

/** What stands before a script on a command line; all of them run it as a script. */
export function launcher(w: World, label: string): string {
  return w.random
    .fork(`launcher ${label}`)
    .pick([
      "python ",
      "python3 -u ",
      "torchrun --nproc_per_node=2 ",
      "accelerate launch --num_processes 2 ",
      "CUDA_VISIBLE_DEVICES=0 python ",
      "uv run python ",
      "nohup python ",
      "srun --gres=gpu:1 python ",
      "poetry run python ",
      "time python ",
    ]);
}

/** Puts the folder \`up\` levels above the script's own on the search path (0: its own). Needs os, sys and Path. */
export function searchPathEdit(w: World, label: string, up: number): string {
  const dots = Array.from({ length: up }, () => '".."').join(", ");
  const parents = "os.path.dirname(".repeat(up + 1);
  return w.random
    .fork(`search path ${label}`)
    .pick([
      `sys.path.insert(0, str(Path(__file__).resolve().parents[${up}]))`,
      `sys.path.append(os.path.abspath(os.path.join(os.path.dirname(__file__), ${dots})))`,
      `ROOT = Path(__file__).resolve().parent${".parent".repeat(up)}\nsys.path.insert(0, str(ROOT))`,
      `sys.path.insert(0, ${parents}os.path.abspath(__file__)${")".repeat(up + 1)})`,
      `sys.path += [str(Path(__file__).resolve().parents[${up}])]`,
      `BASE = os.path.dirname(os.path.abspath(__file__))\nsys.path.insert(0, os.path.join(BASE, ${dots}))`,
    ]);
}

/** Names behind \`from … import\`: on one line or several. */
export function importedNames(w: World, label: string, names: readonly string[]): string {
  return w.random
    .fork(`imported ${label}`)
    .pick([names.join(", "), `(\n    ${names.join(",\n    ")},\n)`, names.join(", \\\n    ")]);
}
