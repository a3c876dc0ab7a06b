import { z } from "zod";
import { yesNo } from "../../model/fields";

const BOOT = ["enabled", "disabled", "masked"] as const;
export type BootState = (typeof BOOT)[number];

/** A service as a user wants it. */
export interface WantedService {
  readonly name: string;
  readonly running: boolean;
  readonly enabled: BootState;
  readonly allowCuttingOff: boolean;
}

/** A service as it is. `enabled` is systemd's own word where it is none of ours: `static`, `masked-runtime`. */
export interface Service {
  readonly name: string;
  readonly running: boolean;
  readonly enabled: string;
  /** How it was before us: what a destroy puts back. */
  readonly before?: Earlier;
  /** Handed on from the user's record, for a delete. */
  readonly allowCuttingOff?: boolean;
}

/** undefined states: there was no such unit. */
export interface Earlier {
  readonly running: boolean;
  readonly enabled: string;
}

const NAME = 'must be the name of a unit, such as "nginx" or "rpcbind.socket"';

/** What the user says. `running` follows `enabled` where it is not said: a masked service does not run. */
export const systemdService = z
  .strictObject({
    name: z
      .string({ error: NAME })
      .regex(/^[A-Za-z0-9_][A-Za-z0-9:_.\\@-]*$/, { error: NAME, abort: true })
      .transform((name) =>
        /\.(?:service|socket|timer|path|target|mount|automount)$/.test(name) ? name : `${name}.service`,
      )
      .refine((name) => !/\.(?:target|mount|automount)$/.test(name), {
        error:
          "must be a service, a socket, a timer or a path: targets and mounts are more than one thing to start or stop",
      })
      .refine((name) => !/@\.[a-z]+$/.test(name), {
        error: 'is a template: name an instance of it, such as "openvpn@office"',
      }),
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
