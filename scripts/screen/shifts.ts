/**
 * By how much the scores are lowered, so that 0 at watch and 0.3 at elevated are the points chosen on left-out lines. At
 * watch the least at which the mean of the false shares over own lines (most of them near misses) and over counsel-chat's
 * sentences is within 0.12; at elevated the least at which that over own lines, which alone hold texts of watch, is
 * within 0.03.
 */
export const shifts = { watch: 1.05, elevated: 1.7 };
