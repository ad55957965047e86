export type ReliableChange = {
  sem: number;
  rc: number;
  edwards_nunnally: number | null;
  gulliksen_lord_novick: number | null;
};

/**
 * Reliable change index (Jacobson & Truax 1991, J Consult Clin Psychol 59): RC = (post - pre)/(√2·SEM), SEM =
 * SD√(1-r). Beside it, given the norm's mean, Edwards-Nunnally (Speer 1992) and Gulliksen-Lord-Novick (Hsu 1989).
 */
export function reliableChange(input: {
  pre: number;
  post: number;
  sd: number;
  reliability: number;
  mean?: number | undefined;
}): ReliableChange {
  const { pre, post, sd, reliability, mean } = input;
  const sem = sd * Math.sqrt(1 - reliability);
  const regressed = mean === undefined ? null : post - mean - reliability * (pre - mean);
  return {
    sem,
    rc: (post - pre) / (Math.SQRT2 * sem),
    edwards_nunnally: regressed === null ? null : regressed / sem,
    gulliksen_lord_novick: regressed === null ? null : regressed / (sd * Math.sqrt(1 - reliability ** 2)),
  };
}

export type Population = { mean: number; sd: number };

/**
 * Cut-offs of clinically significant change (Jacobson & Truax 1991): a, 2 SD beyond the clinical mean; b, within 2 SD
 * of the functional mean; c, where both populations are equally likely.
 */
export function clinicalCutoffs(input: {
  clinical: Population;
  functional: Population;
  direction: "lower_better" | "higher_better";
}): { a: number; b: number; c: number } {
  const { clinical, functional } = input;
  const better = input.direction === "lower_better" ? -1 : 1;
  return {
    a: clinical.mean + better * 2 * clinical.sd,
    b: functional.mean - better * 2 * functional.sd,
    c: (functional.sd * clinical.mean + clinical.sd * functional.mean) / (functional.sd + clinical.sd),
  };
}
