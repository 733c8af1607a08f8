/** What planted faults say, and the log must not; see planted_faults.ts. */
export const SECRET = "gho_planted_secret";
