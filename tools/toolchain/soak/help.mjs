import { FAULTS } from "./faults.mjs";
import { RELEASES } from "./releases.mjs";

const faults = Object.entries(FAULTS).map(([name, { amount, what }]) => `  ${`${name} ${amount}`.padEnd(18)} ${what}`);

/** What one can type. */
export const SOAK_HELP = `npm run soak -- RELEASE... [WORD OF A TEST FILE...]
  the files that README's table names, on hosts of a release; writes that table
  releases: ${Object.keys(RELEASES).join(", ")}

npm run soak -- FAULT [AMOUNT] [--seed N] [--anew]
${faults.join("\n")}
  --seed N           those of a seed again; others each time unless told, and the seed is printed
  --stack NAME       cuts: whole is all kinds at once, guarded what a host takes back unless it is confirmed
  --anew             the table in docs/reliability.md is that of this run alone; unless told, it is added to it`;
