// The random numbers of both languages: an additive feedback generator over 31 words (Knuth, TAOCP 2, 3.2.2), started and
// turned as the C library of GNU does it. Hemlock programs that name a seed, or none, so print here what they print
// elsewhere. Whoever has seen 31 numbers knows the next: not for secrets.

/** Words of the state, and how far apart the two are that are added. */
export const WORDS = 31;
const APART = 3;
/** The state is started with numbers x, 16807 x, 16807² x … modulo this prime, and turned ten times round before use. */
const PRIME = 0x7fff_ffff, FACTOR = 16807, WARM_UP = 10 * WORDS;

/** The largest number drawn. */
const LAST = 0x7fff_ffff;

/** The state after a seed: its words, oldest first. */
export function startGenerator(seed: number): number[] {
  const words = [seed | 0 || 1];
  for (let i = 1; i < WORDS; i++) {
    // Schrage's way: FACTOR * x modulo PRIME in words; what comes out below 0 lacks one PRIME.
    const x = words[i - 1]!, rest = FACTOR * (x % 127773) - 2836 * Math.trunc(x / 127773);
    words.push(rest < 0 ? rest + PRIME : rest);
  }
  // The generator begins in the middle: the word at APART is the oldest.
  const state = [...words.slice(APART), ...words.slice(0, APART)];
  for (let i = 0; i < WARM_UP; i++) turn(state);
  return state;
}

/** Draws 31 bits: the oldest word and the one APART words old give the newest. */
function turn(state: number[]): number {
  const word = (state.shift()! + state[WORDS - 1 - APART]!) | 0;
  state.push(word);
  return word >>> 1;
}

/** The next number of a state, in [0, 1): one of 2^31 - 1 steps; the last would be 1. */
export const nextFraction = (state: number[]): number => Math.min(turn(state) / LAST, 1 - Number.EPSILON / 2);
