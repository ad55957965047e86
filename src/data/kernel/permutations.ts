export const permutations = 112;

// splitmix32: multipliers are odd, so that each permutation is one of the 32-bit numbers.
function constants(): { multiply: Uint32Array; add: Uint32Array } {
  let state = 0x7261696e;
  const next = (): number => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  };
  const multiply = Uint32Array.from({ length: permutations }, () => (next() | 1) >>> 0);
  const add = Uint32Array.from({ length: permutations }, next);
  return { multiply, add };
}

/** MinHash's permutations: a shingle times one of the first plus one of the second, modulo 2^32. */
export const { multiply, add } = constants();
