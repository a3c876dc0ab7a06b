import { z } from "zod";
import { connectionFields, connectionOr } from "./connection";
import { mapOf } from "./fields";
import { isMap } from "./own-value";

const entry = connectionOr("must be a connection: { host: 192.0.2.1 }", {
  ...connectionFields,
  name: connectionFields.name.refine((name) => name === undefined, {
    error: "must be left out: a host is called by the name before its fields",
  }),
});

/** `lvs:hosts` of the stack's configuration, and a file of hosts: connections by name. */
export const hosts = z
  .preprocess(
    namedHosts,
    mapOf(entry, { error: "must be a map from name to connection: { web1: { host: 192.0.2.1 } }" }),
  )
  .transform((byName) => new Map(Object.entries(byName)));

/** `web1: { sshConfig: true }` is the host that `ssh web1` reaches. */
function namedHosts(given: unknown, ctx: z.RefinementCtx): unknown {
  if (!isMap(given) || Object.hasOwn(given, "__proto__")) return given;
  const entries = Object.entries(given).map(([name, one]) => {
    if (!NAME.test(name))
      ctx.addIssue({
        code: "custom",
        message: "must be a name without control characters; a comment begins with #",
        path: [name],
        input: one,
      });
    return [
      name,
      isMap(one) && Object.hasOwn(one, "sshConfig") && one["sshConfig"] !== false ? { host: name, ...one } : one,
    ];
  });
  return Object.fromEntries(entries) as unknown;
}

/** Messages have it. Where a comment of JSON stands in a file of YAML, it becomes a part of the name. */
const NAME = /^(?!\/[/*])\P{C}*$/u;
