import { z } from "zod";
import { whole, yesNo } from "./fields";

const text = z.string({ error: "must be text" }).min(1, { error: "must not be empty" });

const notAConnection = ({ code }: { readonly code: string }) =>
  code === "invalid_type" ? 'must be a name from lvs:hosts, or a connection such as { host: "192.0.2.1" }' : undefined;

/** How to reach a host by SSH. Options that pulumi-command has too have its names. */
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

/** How to reach a host and become root on it. Timeouts are in seconds. */
export const connection = reach.extend({
  /** The name of the host in messages and its identity: another name is another host. */
  name: text.optional(),
  proxy: reach.optional(),
  sudo: yesNo.default(false),
  sudoPassword: text.regex(/^[^\r\n]*$/, { error: "must be one line: sudo reads no more" }).optional(),
  deadline: whole(1, 3600).default(60),
});

/** One SSH hop: the target or its proxy. */
export type Reach = z.output<typeof reach>;
export type Connection = z.output<typeof connection>;
export type ConnectionInput = z.input<typeof connection>;

/** `lvs:hosts` of the stack's configuration: connections by name. */
export const hosts = z.record(text, connection);
