import { z } from "zod";

const text = z.string().min(1);

/** How to reach a host by SSH. The names are pulumi-command's, where it has one. */
const reach = z.strictObject({
  host: text,
  port: z.int().min(1).max(65535).default(22),
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
  hostKeyCheck: z.enum(["strict", "accept-new"]).default("strict"),
  dialErrorLimit: z.int().min(0).default(10),
  perDialTimeout: z.int().min(1).max(600).default(15),
});

/** A host: how to reach it, and how to become root there. Timeouts are in seconds. */
export const connection = reach.extend({
  /** How messages name it, and what it is known by: a change of the name is another host. */
  name: text.optional(),
  proxy: reach.optional(),
  sudo: z.boolean().default(false),
  sudoPassword: text.optional(),
  deadline: z.int().min(1).max(3600).default(60),
});

/** One hop: what both the target and its proxy have. */
export type Reach = z.output<typeof reach>;
export type Connection = z.output<typeof connection>;
export type ConnectionInput = z.input<typeof connection>;

/** `lvs:hosts` of the stack's configuration: a connection for each name. */
export const hosts = z.record(text, connection);
