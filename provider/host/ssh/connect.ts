import { existsSync } from "node:fs";
import type { Client } from "ssh2";
import { ConnectionError } from "../../errors";
import type { Connection, Reach } from "../../model/connection";
import { hostName, loginName } from "../../model/host-name";
import { quote } from "../../step";
import { wayThrough } from "./bastions";
import { configPath } from "./config/read";
import { dial } from "./dial";
import { DialError, RepeatedDialError } from "./dial-error";
import { IF_OLD, ifOld } from "./last-up";
import { expandHome } from "./local-files";
import { type Hop, route } from "./route";
import { isPath } from "./shown";

/** A connection to a host, through its proxy if it has one. */
export interface Link {
  readonly client: Client;
  /** The fingerprint of the host key that was accepted. */
  readonly hostKey: string;
  readonly close: () => void;
  /** Ends it at once: what was not sent yet is never sent. */
  readonly reset: () => void;
  /** What ssh_config may have said. */
  readonly login: Pick<Hop, "user" | "perDialTimeout">;
}

/** Connects and logs in, or throws a ConnectionError that says all that an operator needs. */
export async function connect(connection: Connection): Promise<Link> {
  try {
    return await link(connection);
  } catch (error) {
    throw error instanceof DialError ? connectionError(connection, error) : error;
  }
}

/** Reason, pasteable command, what was said, advice: a line each. */
export function connectionError(connection: Connection, error: DialError): ConnectionError {
  const { reason, details, advice } = error;
  if (error instanceof RepeatedDialError)
    return new ConnectionError(`${hostName(connection)}: no connection: ${reason}`);
  const lines = [`$ ${asCommand(connection)}`, ...details].map((line) => `  ${line}`);
  const say = advice.flatMap((line) => (line === IF_OLD ? ifOld(connection) : [line]));
  return new ConnectionError([`${hostName(connection)}: no connection: ${reason}`, ...lines, ...say].join("\n"));
}

async function link(connection: Connection): Promise<Link> {
  const hops = await route(connection);
  const [target] = hops.slice(-1) as [Hop];
  const way = wayThrough(hops.slice(0, -1), hostName(connection));
  try {
    const dialled = await dial(target, way?.open);
    const reset = () => {
      dialled.reset();
      way?.giveUp();
    };
    // From here on a lost proxy shows as a lost connection of the host.
    dialled.client.once("close", () => way?.leave());
    dialled.client.on("error", reset);
    const { user, perDialTimeout } = target;
    // A proxy that has fallen silent does not say that the connection through it has ended.
    const close = () => {
      end(dialled.client);
      way?.leave();
    };
    return { ...dialled, login: { user, perDialTimeout }, close, reset };
  } catch (error) {
    way?.leave();
    throw error;
  }
}

function end(client: Client): void {
  client.end();
  client.destroy();
}

/** With ssh_config, ssh itself finds what is not said. */
function asCommand({ proxy, privateKeyPath, sshConfig = false, host, user, port }: Connection): string {
  const config = typeof sshConfig === "string" ? configPath(sshConfig) : undefined;
  // A word without a slash is a path where there is such a file.
  const file = config !== undefined && (isPath(String(sshConfig)) || existsSync(config)) ? ["-F", config] : [];
  const jumps = jumpsTo(proxy);
  const jump = jumps.length === 0 ? [] : ["-J", jumps.join(",")];
  const key = privateKeyPath === undefined || !isPath(privateKeyPath) ? [] : ["-i", expandHome(privateKeyPath)];
  const at = port === undefined ? [] : ["-p", String(port)];
  return ["ssh", ...file, ...key, ...jump, ...at, user === undefined ? host : `${user}@${host}`].map(quote).join(" ");
}

function jumpsTo(proxy: Reach | string | undefined): readonly string[] {
  return typeof proxy === "object" ? [...jumpsTo(proxy.proxy), loginName(proxy)] : [];
}
