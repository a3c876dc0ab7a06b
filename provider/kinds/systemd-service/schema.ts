import { z } from "zod";
import { yesNo } from "../../model/fields";
import { unitName } from "../../model/unit-name";

const BOOT = ["enabled", "disabled", "masked"] as const;
export type BootState = (typeof BOOT)[number];

/** The desired state of a unit. */
export interface WantedService {
  readonly name: string;
  readonly running: boolean;
  readonly enabled: BootState;
  readonly allowCuttingOff: boolean;
}

/** The observed state of a unit. `enabled` may also be another word of systemd, such as `static` or `masked-runtime`. */
export interface Service {
  readonly name: string;
  readonly running: boolean;
  readonly enabled: string;
  /** The original state, which a destroy restores. */
  readonly before?: OriginalService;
  /** Copied from the desired state, for a delete. */
  readonly allowCuttingOff?: boolean;
}

/** The state of a unit before our first change. */
export const originalService = z.object({ running: z.boolean(), enabled: z.string() });
export type OriginalService = Readonly<z.output<typeof originalService>>;

const NAME = 'must be the name of a unit, such as "nginx" or "rpcbind.socket"';

/** The user's arguments. `running` is true by default, and false for a masked service. */
export const systemdService = z
  .strictObject({
    name: unitName(NAME),
    running: yesNo.optional(),
    enabled: z.enum(BOOT, { error: `must be one of ${BOOT.join(", ")}` }).default("enabled"),
    allowCuttingOff: yesNo.default(false),
    before: z.undefined({ error: "is an output" }).optional(),
  })
  .superRefine(({ running, enabled }, ctx) => {
    if (running !== true || enabled !== "masked") return;
    ctx.addIssue({
      code: "custom",
      path: ["running"],
      message: "must be false for a masked service: nothing can start it",
      input: running,
    });
  })
  .transform(({ name, running, enabled, allowCuttingOff }): WantedService => {
    return { name, running: running ?? enabled !== "masked", enabled, allowCuttingOff };
  });
