import { z } from "zod";
import { compact, oneOf, settings, whole, yesNo } from "../fields";
import { ownValue } from "../own-value";

/** The ways to look at a server. A check has one of them. */
export const PROBES = ["tcp", "http", "https", "dns", "udp", "ping", "command"] as const;
export type ProbeName = (typeof PROBES)[number];

type Nothing = Readonly<Record<string, never>>;

/** A page that is fetched. */
export interface HttpProbe {
  readonly path: string;
  /** Absent: any from 200 to 299. */
  readonly status?: readonly number[];
  /** The `Host:` header; for https the name in the handshake, too. */
  readonly host?: string;
}

/** How one server is checked, with all defaults filled in. It has one probe. Times in seconds. */
export interface Check {
  readonly tcp?: Nothing;
  readonly http?: HttpProbe;
  readonly https?: HttpProbe;
  readonly dns?: { readonly name: string; readonly type: string };
  readonly udp?: { readonly payload?: string; readonly requireReply: boolean };
  readonly ping?: Nothing;
  /** The path of a program. It gets the address and the port of the server. */
  readonly command?: string;
  /** Absent: the port of the server. */
  readonly port?: number;
  readonly interval: number;
  readonly timeout: number;
  readonly retries: number;
  readonly retryInterval: number;
}

/** How the servers of a service are checked, and what becomes of one that fails. */
export interface HealthCheck extends Check {
  readonly onFailure: "weight0" | "remove";
  /** Serves while no server is left. */
  readonly sorry?: string;
}

/** The probes of an input: more than one, or none, is refused. */
export function probesOf(check: Partial<Check>): readonly ProbeName[] {
  return PROBES.filter((name) => ownValue({ ...check }, name) !== undefined);
}

/** Seconds after which a server that does not answer at all is out. */
export function boundOf({ interval, timeout, retries, retryInterval }: Check): number {
  return interval + (retries + 1) * timeout + retries * retryInterval;
}

const PATH = 'must be a path, as in "/health"';

const httpProbe = settings(
  {
    path: z
      .string({ error: PATH })
      .startsWith("/", { error: PATH, abort: true })
      // Others begin comments, variables and blocks in keepalived's files.
      .regex(/^[A-Za-z0-9/._%&=?+,:@*-]*$/, {
        error: "may have the characters A-Z, a-z, 0-9 and /._%&=?+,:@*-; write others as %XX",
      })
      .default("/"),
    status: z
      .array(whole(100, 599), { error: "must be a list of numbers, as in [200, 204]" })
      .min(1, { error: "must not be empty" })
      .optional(),
    host: z
      .string({ error: "must be a host name" })
      .regex(/^[A-Za-z0-9][A-Za-z0-9.:-]*$/, { error: 'must be a host name, as in "www.example.com"' })
      .optional(),
  },
  '{ path: "/health" }',
).transform(({ path, status, host }): HttpProbe => {
  const sorted = status === undefined ? undefined : [...new Set(status)].sort((a, b) => a - b);
  return compact({ path, status: sorted, host });
});

const empty = settings({}, "{}").transform((): Nothing => ({}));

const dnsProbe = settings(
  {
    name: z
      .string({ error: "must be a domain name" })
      .regex(/^(?:\.|(?:[A-Za-z0-9_-]+\.)*[A-Za-z0-9_-]+\.?)$/, {
        error: 'must be a domain name, as in "example.com", or "." for the root',
      })
      .default("."),
    type: oneOf("A", "NS", "CNAME", "SOA", "MX", "TXT", "AAAA").default("SOA"),
  },
  '{ name: "example.com" }',
);

const udpProbe = settings(
  {
    payload: z
      .string({ error: 'must be bytes in hexadecimal, as in "0a1b"' })
      .regex(/^(?:[0-9a-fA-F]{2}){1,512}$/, { error: 'must be bytes in hexadecimal, as in "0a1b"' })
      .transform((text) => text.toLowerCase())
      .optional(),
    requireReply: yesNo.default(false),
  },
  '{ payload: "0a1b" }, or {}',
).transform((probe): NonNullable<Check["udp"]> => compact(probe));

const command = z
  .string({ error: 'must be the path of a program, as in "/usr/local/sbin/check-web"' })
  .regex(/^(?:\/[A-Za-z0-9_+-][A-Za-z0-9._+-]*)+$/, {
    error: 'must be the absolute path of a program, without arguments, as in "/usr/local/sbin/check-web"',
  });

function seconds(min: number) {
  const error = `must be a number of seconds from ${min} to 3600, with at most three decimals`;
  return z
    .number({ error })
    .min(min, { error })
    .max(3600, { error })
    .refine((value) => Math.abs(Math.round(value * 1000) - value * 1000) < 1e-6, { error });
}

const checkFields = {
  tcp: empty.optional(),
  http: httpProbe.optional(),
  https: httpProbe.optional(),
  dns: dnsProbe.optional(),
  udp: udpProbe.optional(),
  ping: empty.optional(),
  command: command.optional(),
  port: whole(1, 65535).optional(),
};

const times = { interval: seconds(0.1), timeout: seconds(0.1), retries: whole(0, 100), retryInterval: seconds(0) };

/** What differs for one server. A probe replaces that of the service, with its port. */
export const checkOverride = settings(
  {
    ...checkFields,
    interval: times.interval.optional(),
    timeout: times.timeout.optional(),
    retries: times.retries.optional(),
    retryInterval: times.retryInterval.optional(),
  },
  '{ http: { path: "/health" } }',
).transform((input): Partial<Check> => compact(input));

/** The input. What it says beside the service is refused where the service is known. */
export const healthCheck = settings(
  {
    ...checkFields,
    interval: times.interval.default(2),
    timeout: times.timeout.default(2),
    retries: times.retries.default(1),
    retryInterval: times.retryInterval.default(1),
    onFailure: oneOf("weight0", "remove").default("weight0"),
    sorry: z.string({ error: 'must be an address with a port, as in "127.0.0.1:80"' }).optional(),
  },
  '{ http: { path: "/health" } }',
).transform((input): HealthCheck => compact(input));

/** The check of one server: that of the service, with what differs. Another probe has a port of its own. */
export function checkFor(service: HealthCheck, override: Partial<Check> | undefined): Check {
  const { onFailure: _, sorry: __, ...own } = service;
  if (override === undefined || probesOf(override).length === 0) return { ...own, ...override };
  const { interval, timeout, retries, retryInterval } = own;
  return { interval, timeout, retries, retryInterval, ...override };
}
