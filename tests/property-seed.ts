import fc from "fast-check";

// The default run repeats the same cases, so that a change alone decides whether it passes;
// PROPERTY_SEED=random looks for new ones, PROPERTY_SEED=<number> repeats a run that failed.
const wanted = process.env["PROPERTY_SEED"] ?? "20261125";
if (wanted !== "random") fc.configureGlobal({ seed: Number(wanted) });
