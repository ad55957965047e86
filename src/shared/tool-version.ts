/** Name and version of this program as every JSON document carries them. */
export const tool = { name: "training-ready", version: "0.1.0" } as const;
