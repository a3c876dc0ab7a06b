import { z } from "zod";
import { settings, whole } from "../fields";

/** How a real server is taken out of service. */
export interface Drain {
  /** Seconds to wait for established connections to end. 0: do not wait. */
  readonly timeout: number;
  /** Seconds between two observations. */
  readonly pollInterval: number;
}

const seconds = { error: "must be a number of seconds from 0.1 to 3600" };

export const drain = settings(
  {
    timeout: whole(0, 86400).default(60),
    pollInterval: z.number(seconds).min(0.1, seconds).max(3600, seconds).default(1),
  },
  "{ timeout: 60 }",
).optional();
