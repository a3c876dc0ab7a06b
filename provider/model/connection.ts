import { z } from "zod";

const text = z.string({ error: "must be text" }).min(1, { error: "must not be empty" });
const yesOrNo = z.boolean({ error: "must be true or false" });

function whole(from: number, to: number) {
  const error = `must be a whole number from ${from} to ${to}`;
  return z.int({ error }).min(from, { error }).max(to, { error });
}

const notAConnection = ({ code }: { readonly code: string }) =>
  code === "invalid_type" ? 'must be a name from lvs:hosts, or a connection such as { host: "192.0.2.1" }' : undefined;

/** How to reach a host by SSH. The names are pulumi-command's, where it has one. */
const reach = z.strictObject(
  {
    host: z
      .string({ error: 'must be an address or a DNS name, such as "192.0.2.1"' })
      .min(1, { error: "must not be empty" }),
    port: whole(1, 65535).default(22),
    user: text.default("root"),
    password: text.optional(),
    passwordEnv: text.optional(),
    privateKey: text.optional(),
    privateKeyPath: text.optional(),
    privateKeyEnv: text.optional(),
    privateKeyPassword: text.optional(),
    agentSocketPath: text.optional(),
    hostKey: text.optional(),
    knownHostsPath: text.optional(),
    hostKeyCheck: z.enum(["strict", "accept-new"], { error: 'must be "strict" or "accept-new"' }).default("strict"),
    dialErrorLimit: whole(0, 1000).default(10),
    perDialTimeout: whole(1, 600).default(15),
  },
  { error: notAConnection },
);

/** A host: how to reach it, and how to become root there. Timeouts are in seconds. */
export const connection = reach.extend({
  /** How messages name it, and what it is known by: a change of the name is another host. */
  name: text.optional(),
  proxy: reach.optional(),
  sudo: yesOrNo.default(false),
  sudoPassword: text.optional(),
  deadline: whole(1, 3600).default(60),
});

/** One hop: what both the target and its proxy have. */
export type Reach = z.output<typeof reach>;
export type Connection = z.output<typeof connection>;
export type ConnectionInput = z.input<typeof connection>;

/** `lvs:hosts` of the stack's configuration: a connection for each name. */
export const hosts = z.record(text, connection);
