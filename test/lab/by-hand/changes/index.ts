import type { Change } from "../change.ts";
import { network } from "./network.ts";
import { nfs } from "./nfs.ts";
import { rulesBoot } from "./rules-boot.ts";
import { rulesLive } from "./rules-live.ts";
import { settings } from "./settings.ts";
import { system } from "./system.ts";
import { tuning } from "./tuning.ts";

/** What operators and tools type on hosts. */
export const changes: readonly Change[] = [
  ...rulesLive,
  ...rulesBoot,
  ...settings,
  ...network,
  ...tuning,
  ...system,
  ...nfs,
];
