import { z } from "zod";

/** The name of a unit of systemd that can be started and stopped by itself, with its suffix: `nginx` is `nginx.service`. */
export function unitName(error: string) {
  return z
    .string({ error })
    .regex(/^[A-Za-z0-9_][A-Za-z0-9:_.\\@-]*$/, { error, abort: true })
    .transform((name) =>
      /\.(?:service|socket|timer|path|target|mount|automount)$/.test(name) ? name : `${name}.service`,
    )
    .refine((name) => !/\.(?:target|mount|automount)$/.test(name), {
      error: "must be a service, socket, timer or path: starting or stopping a target or a mount affects other units",
    })
    .refine((name) => !/@\.[a-z]+$/.test(name), {
      error: 'is a template: name an instance of it, such as "openvpn@office"',
    });
}
