import type { Client } from "ssh2";
import { ConnectionError } from "../../errors";
import type { Connection } from "../../model/connection";
import { hostName, loginName } from "../../model/host-name";
import { quote } from "../../step";
import { dial } from "./dial";
import { DialError } from "./dial-error";
import { expandHome } from "./expand-home";
import { IF_OLD, ifOld } from "./last-up";
import { isPath } from "./shown";

/** A connection to a host, through its proxy if it has one. */
export interface Link {
  readonly client: Client;
  /** The fingerprint of the host key that was accepted. */
  readonly hostKey: string;
  readonly close: () => void;
  /** Ends it at once: what was not sent yet is never sent. */
  readonly reset: () => void;
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
export function connectionError(connection: Connection, { reason, details, advice }: DialError): ConnectionError {
  const lines = [`$ ${asCommand(connection)}`, ...details].map((line) => `  ${line}`);
  const say = advice.flatMap((line) => (line === IF_OLD ? ifOld(connection) : [line]));
  return new ConnectionError([`${hostName(connection)}: no connection: ${reason}`, ...lines, ...say].join("\n"));
}

async function link(connection: Connection): Promise<Link> {
  const { proxy } = connection;
  if (proxy === undefined) {
    const dialled = await dial(connection);
    return { ...dialled, close: () => end(dialled.client) };
  }
  const { client: via, reset: resetProxy } = await dial(proxy).catch((error: unknown) => {
    throw error instanceof DialError
      ? new DialError(`proxy ${loginName(proxy)}: ${error.reason}`, error.details, error.advice)
      : error;
  });
  // From here on a lost proxy shows as a lost connection of the host.
  try {
    const dialled = await dial(connection, via);
    const reset = () => {
      dialled.reset();
      resetProxy();
    };
    dialled.client.once("close", () => end(via));
    dialled.client.on("error", reset);
    // A proxy that has fallen silent does not say that the connection through it has ended.
    const close = () => {
      end(dialled.client);
      end(via);
    };
    return { ...dialled, close, reset };
  } catch (error) {
    end(via);
    throw error;
  }
}

function end(client: Client): void {
  client.end();
  client.destroy();
}

function asCommand({ proxy, privateKeyPath, ...target }: Connection): string {
  const jump = proxy === undefined ? [] : ["-J", loginName(proxy)];
  const key = privateKeyPath === undefined || !isPath(privateKeyPath) ? [] : ["-i", expandHome(privateKeyPath)];
  return ["ssh", ...key, ...jump, "-p", String(target.port), `${target.user}@${target.host}`].map(quote).join(" ");
}
