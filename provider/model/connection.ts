import { isIPv6 } from "node:net";
import { z } from "zod";
import { compact, yesNo } from "./fields";
import { hasHostKeys } from "./host-key";
import { isMap } from "./own-value";

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

const NO_CONNECTION = 'must be a name from lvs:hosts, or a connection such as { host: "192.0.2.1" }';

const SSH_CONFIG = "must be true, or the path of a file such as ~/.ssh/config";

const ADDRESS = 'must be an address or a DNS name, such as "192.0.2.1"';

const ADDRESS_ALONE =
  "must be an address or a DNS name alone, without brackets: user, password and port have fields of their own";

/** Beside other mistakes, too. */
const ofHost = (error: string) => ({
  path: ["host"],
  error,
  when: ({ value }: { readonly value: unknown }) => isMap(value),
});
const NO_HOST = ofHost(`is missing: it ${ADDRESS}`);
const NO_ADDRESS = ofHost(ADDRESS_ALONE);

export const reachFields = {
  host: z
    .string({ error: ADDRESS })
    .min(1, { error: "must not be empty" })
    .regex(/^(?!-)[^@/\s\p{Cc}[\]]*$/u, { error: ADDRESS_ALONE })
    .optional(),
  port: number(1, 65535).optional(),
  user: text
    .regex(/^[^:\p{Cc}]*$/u, { error: "must be a user's name alone: a password has a field of its own" })
    .optional(),
  password: text.optional(),
  passwordEnv: variable.optional(),
  privateKey: text.optional(),
  privateKeyPath: path.optional(),
  privateKeyEnv: variable.optional(),
  privateKeyPassword: text.optional(),
  agentSocketPath: path.optional(),
  hostKey: text
    .refine((value) => !/PRIVATE KEY/.test(value), {
      error: "must be the public key of the host, not a private one",
      abort: true,
    })
    .refine(hasHostKeys, {
      error:
        'must be the public key of the host, as ssh-keyscan prints it: "ssh-ed25519 AAAA...". What is there is none, or a part of one',
    })
    .optional(),
  knownHostsPath: path.optional(),
  hostKeyCheck: z.enum(["strict", "accept-new"], { error: 'must be "strict" or "accept-new"' }).optional(),
  dialErrorLimit: number(0, 1000).optional(),
  perDialTimeout: number(1, 600).optional(),
  sshConfig: z
    .union(
      [z.boolean(), path.refine((value) => !/^(?:true|yes|on|false|no|off)$/i.test(value), { error: SSH_CONFIG })],
      {
        error: SSH_CONFIG,
      },
    )
    .optional(),
};

type Fields<Of extends z.ZodRawShape> = Omit<z.output<z.ZodObject<Of>>, "host">;

/** One SSH hop: the target or its proxy. What is undefined is read from ssh_config at run time. */
export interface Reach extends Fields<typeof reachFields> {
  readonly host: string;
  /** A name is one of `lvs:hosts`. */
  readonly proxy?: Reach | string | undefined;
}
export interface ReachInput extends z.input<z.ZodObject<typeof reachFields>> {
  readonly proxy?: ReachInput | string | undefined;
}

/** How to reach a host by SSH. Options that pulumi-command has too have its names. */
const reach: z.ZodType<Reach, ReachInput> = z.lazy(() =>
  z
    .strictObject({ ...reachFields, proxy }, otherwise('must be a connection such as { host: "192.0.2.1" }'))
    .refine(hasHost, NO_HOST)
    .refine(isAlone, NO_ADDRESS)
    .transform(withDefaults),
);
const proxy = z
  .preprocess(
    refuseLongWay,
    z.union([z.string().min(1, { error: "must not be empty" }), reach], { error: NO_CONNECTION }),
  )
  .optional() as z.ZodOptional<z.ZodType<Reach | string, ReachInput | string>>;

/** The fields of a connection. Timeouts are in seconds. */
export const connectionFields = {
  ...reachFields,
  /** The name of the host in messages. What a run owns is known by the machine. */
  name: text.optional(),
  proxy,
  sudo: yesNo.default(false),
  sudoPassword: text.regex(/^[^\r\n]*$/, { error: "must be one line: sudo reads no more" }).optional(),
  deadline: number(1, 3600).default(60),
};

/** How to reach a host and become root on it. */
export const connection = connectionOr(NO_CONNECTION);

export function connectionOr(message: string, fields: typeof connectionFields = connectionFields) {
  return z
    .strictObject(fields, otherwise(message))
    .refine(hasHost, NO_HOST)
    .refine(isAlone, NO_ADDRESS)
    .transform(withDefaults);
}

/** What is true of a host whose SSH configuration is not read. */
export const DEFAULTS = {
  port: 22,
  user: "root",
  hostKeyCheck: "strict",
  perDialTimeout: 15,
} as const;

interface Written {
  readonly host?: string | undefined;
  readonly name?: string | undefined;
  readonly sshConfig?: boolean | string | undefined;
}

/** An entry of ssh_config is looked up by the name of the host, where no other is given. */
function hasHost({ host, name, sshConfig = false }: Written): boolean {
  return host !== undefined || (sshConfig !== false && name !== undefined);
}

/** `web1:2222` is no address, and may be a name in ssh_config. */
function isAlone({ host, sshConfig = false }: Written): boolean {
  return sshConfig !== false || typeof host !== "string" || !host.includes(":") || isIPv6(host);
}

/** Hosts on a way, the last one included. */
export const LONGEST_WAY = 8;

/** Before the fields are looked at: of some thousands, each in the other, no problem could be said any more. */
function refuseLongWay(proxy: unknown, ctx: z.RefinementCtx): unknown {
  let hosts = 1;
  for (let at = proxy; isMap(at); at = at["proxy"]) hosts += 1;
  if (hosts <= LONGEST_WAY) return proxy;
  ctx.addIssue({ code: "custom", message: `must not lead through more than ${LONGEST_WAY} hosts`, input: undefined });
  return z.NEVER;
}

/** With `sshConfig`, what is not given is read at run time, and stored nowhere. */
function withDefaults<T extends Written>(written: T): T & { readonly host: string } {
  const { host = written.name ?? "", sshConfig = false } = written;
  return { ...written, ...(sshConfig === false && DEFAULTS), ...compact(written), host };
}

export type Connection = z.output<typeof connection> & {
  /** Who says so: not a field of what a user writes. */
  readonly origin?: "lvs:hosts" | "file" | "program";
};
export type ConnectionInput = z.input<typeof connection>;
