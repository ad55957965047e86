import type { World } from "../world.ts";

const base = {
  base_model: "LatitudeGames/Wayfarer-2-12B",
  epochs: 3,
  seed: 17,
  batch_size: 4,
  gradient_accumulation_steps: 8,
  learning_rate: 0.0003,
  window_hours: 12,
  lora: { r: 16, alpha: 32, dropout: 0.1 },
  moe: { hidden_size: 512, experts: 4, experts_per_token: 2, balance_weight: 0.01 },
};

/** The two MoE configurations; their differences are planted in the key when the second one is made. */
export function moeConfig(w: World, side: "therapeutic" | "lightning"): string {
  const { names: n } = w;
  const model = w.reference(base.base_model, "external");
  const show = (value: object): string =>
    `${JSON.stringify(value, null, 2)}\n`.replace(base.base_model, model);
  if (side === "therapeutic") return show(base);
  const random = w.random.fork("configs");
  const rate = random.pick([0.0002, 0.0001, 0.0005]);
  const hours = random.pick([6, 8, 10]);
  const { window_hours: _, ...rest } = base;
  w.configs.push({
    a: `${n.lightning}/${n.config}/moe_training_config.json`,
    b: `${n.therapeutic}/configs/moe_training_config.json`,
    differences: [
      { key: "learning_rate", a: rate, b: base.learning_rate },
      { key: "lora.r", a: 8, b: 16 },
      { key: "max_hours", a: hours },
      { key: "window_hours", b: 12 },
    ],
  });
  return show({ ...rest, learning_rate: rate, max_hours: hours, lora: { ...base.lora, r: 8 } });
}
