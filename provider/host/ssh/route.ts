import { BugError } from "../../errors";
import { DEFAULTS, LONGEST_WAY, type Reach } from "../../model/connection";
import { type Found, readSshConfig } from "./config/found";
import type { Jump } from "./config/jumps";
import { DialError } from "./dial-error";

/** One host to log in to, with all that is known of it. */
export interface Hop extends Omit<Reach, "proxy"> {
  readonly port: number;
  readonly user: string;
  readonly hostKeyCheck: "strict" | "accept-new";
  readonly perDialTimeout: number;
  /** What ssh_config says, where it is read. */
  readonly config: Found | undefined;
}

/** The hosts to go through, and the host itself as the last. Reads ssh_config where it is asked for. */
export function route(reach: Reach): Promise<readonly [...Hop[], Hop]> {
  return routeTo(reach, []);
}

/** `towards`: the hosts that are reached through this one. */
async function routeTo(reach: Reach, towards: readonly Reach[], look = hopOf): Promise<readonly [...Hop[], Hop]> {
  refuseLoop(reach, towards);
  const hop = await look(reach);
  const { proxy } = reach;
  if (typeof proxy === "string") throw new BugError(`the proxy ${proxy} was not looked up`);
  if (proxy !== undefined) return [...(await routeTo(proxy, [...towards, reach])), hop];
  const [first, ...others] = hop.config?.jumps ?? [];
  if (first === undefined) return [hop];
  // The first one may have jumps of its own; each other one is reached through the one before it.
  const start = await routeTo(reachOf(first, reach), [...towards, reach], jumpOf);
  const middle = await Promise.all(others.map((jump) => jumpOf(reachOf(jump, reach))));
  return [...start, ...middle, hop];
}

async function hopOf(reach: Reach): Promise<Hop> {
  const { sshConfig = false } = reach;
  const found = sshConfig === false ? undefined : await readSshConfig(reach, sshConfig);
  return {
    ...reach,
    host: found?.host ?? reach.host,
    port: found?.port ?? reach.port ?? DEFAULTS.port,
    user: found?.user ?? reach.user ?? DEFAULTS.user,
    hostKeyCheck: reach.hostKeyCheck ?? found?.hostKeyCheck ?? DEFAULTS.hostKeyCheck,
    perDialTimeout: reach.perDialTimeout ?? found?.connectTimeout ?? DEFAULTS.perDialTimeout,
    config: found,
  };
}

/** What the entry of the host says does not count for the hosts of ProxyJump: as with ssh, it is not handed on to them. */
async function jumpOf(reach: Reach): Promise<Hop> {
  try {
    return await hopOf(reach);
  } catch (error) {
    if (!(error instanceof DialError)) throw error;
    const { reason, details, advice } = error;
    const name = `That is about ${reach.host}, a host of ProxyJump: say it of a host of its own in lvs:hosts, and name that as proxy.`;
    throw new DialError(reason, details, [...advice, name]);
  }
}

/** A host of ProxyJump is looked up in the same file. */
function reachOf({ host, user, port }: Jump, { sshConfig, dialErrorLimit, perDialTimeout }: Reach): Reach {
  return { host, user, port, sshConfig, dialErrorLimit, perDialTimeout };
}

function refuseLoop(reach: Reach, towards: readonly Reach[]): void {
  const isSame = (other: Reach) => JSON.stringify(other) === JSON.stringify(reach);
  const isLoop = towards.some(isSame);
  if (!isLoop && towards.length < LONGEST_WAY) return;
  const names = [...towards, reach].map(({ host }) => host);
  const why = isLoop ? "itself" : `more than ${LONGEST_WAY} hosts`;
  throw new DialError(
    `the way to ${names[0]} leads through ${why}: ${names.join(", through ")}`,
    [],
    isLoop ? ['Give the bastion a Host block of its own above the others, with "ProxyJump none".'] : [],
  );
}
