import { z } from "zod";
import { mapOf, yesNo } from "./fields";

const text = z.string({ error: "must be text" }).min(1, { error: "must not be empty" });

const KEY_TEXT = /-----BEGIN|^b3BlbnNzaC1rZXk|[\r\n\0]/;

/** A field that a secret could be put into by mistake: messages never show its value. */
const path = text.refine((value) => !KEY_TEXT.test(value), {
  error: "must be a path, not the text of a key: that goes to privateKey",
});
const variable = text.regex(/^[A-Za-z_][A-Za-z0-9_]*$/, {
  error: "must be the name of an environment variable, not what is in it: letters, digits and _",
});

/** A whole number. What is no number may be a secret in the wrong field, and is not shown. */
function number(min: number, max: number) {
  const error = `must be a whole number from ${min} to ${max}`;
  return z.int({ error }).min(min, { error }).max(max, { error });
}

const otherwise = (message: string) => ({
  error: ({ code }: { readonly code: string }) => (code === "invalid_type" ? message : undefined),
});

/** How to reach a host by SSH. Options that pulumi-command has too have its names. */
const reach = z.strictObject(
  {
    host: z
      .string({ error: 'must be an address or a DNS name, such as "192.0.2.1"' })
      .min(1, { error: "must not be empty" })
      .regex(/^[^@/\s\p{Cc}]*$/u, {
        error: "must be an address or a DNS name alone: user, password and port have fields of their own",
      }),
    port: number(1, 65535).default(22),
    user: text
      .regex(/^[^:\p{Cc}]*$/u, { error: "must be a user's name alone: a password has a field of its own" })
      .default("root"),
    password: text.optional(),
    passwordEnv: variable.optional(),
    privateKey: text.optional(),
    privateKeyPath: path.optional(),
    privateKeyEnv: variable.optional(),
    privateKeyPassword: text.optional(),
    agentSocketPath: path.optional(),
    hostKey: text
      .refine((value) => !/PRIVATE KEY/.test(value), { error: "must be the public key of the host, not a private one" })
      .optional(),
    knownHostsPath: path.optional(),
    hostKeyCheck: z.enum(["strict", "accept-new"], { error: 'must be "strict" or "accept-new"' }).default("strict"),
    dialErrorLimit: number(0, 1000).optional(),
    perDialTimeout: number(1, 600).default(15),
  },
  otherwise('must be a connection such as { host: "192.0.2.1" }'),
);

const fields = {
  /** The name of the host in messages. What a run owns is known by the machine. */
  name: text.optional(),
  proxy: reach.optional(),
  sudo: yesNo.default(false),
  sudoPassword: text.regex(/^[^\r\n]*$/, { error: "must be one line: sudo reads no more" }).optional(),
  deadline: number(1, 3600).default(60),
};

/** How to reach a host and become root on it. Timeouts are in seconds. */
export const connection = z.strictObject(
  { ...reach.shape, ...fields },
  otherwise('must be a name from lvs:hosts, or a connection such as { host: "192.0.2.1" }'),
);

/** One SSH hop: the target or its proxy. */
export type Reach = z.output<typeof reach>;
export type Connection = z.output<typeof connection> & {
  /** Who says so: not a field of what a user writes. */
  readonly origin?: "lvs:hosts" | "file" | "program";
};
export type ConnectionInput = z.input<typeof connection>;

const entry = z.strictObject(connection.shape, otherwise("must be a connection: { host: 192.0.2.1 }"));

/** `lvs:hosts` of the stack's configuration, and a file of hosts: connections by name. */
export const hosts = mapOf(entry, {
  error: "must be a map from name to connection: { web1: { host: 192.0.2.1 } }",
}).transform((byName) => new Map(Object.entries(byName)));
