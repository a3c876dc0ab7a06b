import type { Duplex } from "node:stream";
import type { Client } from "ssh2";
import { loginName } from "../../model/host-name";
import { failureEnds } from "./attempts";
import { Deadline, withinDial } from "./deadline";
import { type Dialled, dial } from "./dial";
import { DialError, NotForwarded, RepeatedDialError } from "./dial-error";
import { notForwarded, unreachable } from "./dial-failure";
import type { Hop } from "./route";

/** The way to a host through a bastion, as long as it is needed. */
export interface Way {
  /** A connection of TCP from the bastion to the host. */
  readonly open: (hop: Hop) => Promise<Duplex>;
  readonly leave: () => void;
  /** Leaves because the host does not answer. Whether the bastion does is another question. */
  readonly giveUp: () => void;
}

/** The way through some hosts, for the host that `name` stands for in messages. One login to each, for all who go through it. */
export function wayThrough(hops: readonly Hop[], name: string): Way | undefined {
  const bastion = bastionOf(hops);
  if (bastion === undefined) return undefined;
  bastion.enter();
  let inside = true;
  const leave = (how: () => void) => () => {
    if (inside) how();
    inside = false;
  };
  return {
    open: (hop) => bastion.open(hop, name),
    leave: leave(() => bastion.leave()),
    giveUp: leave(() => bastion.giveUp()),
  };
}

const bastions = new Map<string, Bastion>();

function bastionOf(hops: readonly Hop[]): Bastion | undefined {
  const hop = hops.at(-1);
  if (hop === undefined) return undefined;
  // How long a host is waited for does not say which bastion it is behind.
  const key = JSON.stringify(hops.map(({ dialErrorLimit: _limit, perDialTimeout: _timeout, ...way }) => way));
  const bastion = bastions.get(key) ?? new Bastion(hop, bastionOf(hops.slice(0, -1)));
  bastions.set(key, bastion);
  return bastion;
}

/** Milliseconds. A bastion that lives says something more often: it is asked when it is silent. */
const SILENT = 12_000;

/** A connection to a bastion, or an attempt to make one. */
interface Connecting {
  readonly dialled: Promise<Dialled>;
  /** The host for which it is made. */
  readonly name: string;
  /** It is not there any more. Called at its end, and before: what is closed through a silent path does not say that it has ended. */
  readonly forget: () => void;
}

/** One connection to a bastion, dialled with its first user, again when it was lost, and ended with its last. */
class Bastion {
  #connecting: Connecting | undefined;
  #users = 0;
  /** The last login that failed, for which host, and until when it counts for those who come later: ten hosts shall not try it ten times. */
  #failure: { readonly name: string; readonly until: number } | undefined;
  /** The first host to which nothing is forwarded. */
  #refused: string | undefined;

  constructor(
    private readonly hop: Hop,
    private readonly outer: Bastion | undefined,
  ) {}

  enter(): void {
    this.#users += 1;
  }

  leave(): void {
    this.#users -= 1;
    const connecting = this.#connecting;
    if (this.#users > 0 || connecting === undefined) return;
    void connecting.dialled.then(({ client }) => {
      client.end().destroy();
      connecting.forget();
    }, ignore);
    this.#connecting = undefined;
  }

  giveUp(): void {
    this.#resetIfSilent();
    this.leave();
  }

  /** Nothing that waits on a path which is gone may arrive once it is mended, see `Dialled.reset`. Others may still use the path. */
  #resetIfSilent(): void {
    const isShared = this.#users > 1;
    void this.#connecting?.dialled.then((dialled) => {
      if (isShared && Date.now() - dialled.heardAt() < SILENT) return;
      dialled.reset();
      if (this.outer !== undefined) this.outer.#resetIfSilent();
    }, ignore);
  }

  async open(target: Hop, name: string): Promise<Duplex> {
    const { client } = await this.#login(name);
    try {
      return await forward(client, target);
    } catch (error) {
      if (!(error instanceof NotForwarded)) throw error;
      const first = (this.#refused ??= name);
      if (first === name) throw error;
      throw new RepeatedDialError(`the proxy ${loginName(this.hop)} does not forward to it either, see ${first}`);
    }
  }

  #login(name: string): Promise<Dialled> {
    const { dialled, name: first = "" } = this.#connecting ?? {};
    if (dialled !== undefined) return dialled.catch(() => Promise.reject(this.#repeated(first)));
    const failure = this.#failure;
    if (failure !== undefined && Date.now() < failure.until) return Promise.reject(this.#repeated(failure.name));
    return this.#dial(name);
  }

  async #dial(name: string): Promise<Dialled> {
    const { hop, outer } = this;
    const start = Date.now();
    outer?.enter();
    const dialled = dial(hop, outer && ((target) => outer.open(target, name))).then((there) => {
      // Each host that goes through it listens for its end.
      there.client.setMaxListeners(0);
      return there;
    });
    let isThere = true;
    const forget = () => {
      if (this.#connecting === connecting) this.#connecting = undefined;
      if (isThere) outer?.leave();
      isThere = false;
    };
    const connecting = { dialled, forget, name };
    this.#connecting = connecting;
    try {
      const { client } = await dialled;
      client.once("close", forget);
      this.#failure = undefined;
      return await dialled;
    } catch (error) {
      this.#failure = { name, until: failureEnds(start, Date.now()) };
      forget();
      if (!(error instanceof DialError) || error instanceof RepeatedDialError) throw error;
      throw new DialError(`proxy ${loginName(hop)}: ${error.reason}`, error.details, error.advice);
    }
  }

  #repeated(first: string): DialError {
    return new RepeatedDialError(`its proxy ${loginName(this.hop)} is not reached either, see ${first}`);
  }
}

function ignore(): void {
  // Whoever waits for it says so.
}

/** sshd of the proxy waits for the kernel's own limit, which is minutes, where the host takes no connection. */
function forward(via: Client, hop: Hop): Promise<Duplex> {
  const { host, port, perDialTimeout } = hop;
  return new Promise((resolve, reject) => {
    const refuse = (reason: string) => reject(unreachable(`${host}:${port}`, reason));
    let isLate = false;
    const deadline = new Deadline(perDialTimeout, () => {
      isLate = true;
      refuse(`no answer ${withinDial(hop)}`);
    });
    via.forwardOut("127.0.0.1", 0, host, port, (error, channel) => {
      deadline.end();
      if (error !== undefined && isProhibited(error)) reject(notForwarded(error, `${host}:${port}`));
      else if (error) refuse(error.message);
      else if (isLate) channel.destroy();
      else resolve(channel);
    });
  });
}

/** Of RFC 4254: administratively prohibited. */
function isProhibited(error: Error): boolean {
  return "reason" in error && error.reason === 1;
}
