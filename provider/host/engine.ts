import { connect } from "node:net";

/** The address that the engine has given to this provider process, as to all of one run. Undefined: it was not started by one. */
export const engine = process.argv[2];

/**
 * Whether the engine is there that has started this provider process, by the address that it gave. A CLI that was killed leaves its provider
 * running, with all that it had been asked for: it would go on beside the next run.
 */
export function engineLives(address = engine): Promise<boolean> {
  const [, host = "", port] = /^([\w.]+):(\d+)$/.exec(address ?? "") ?? [];
  if (port === undefined) return Promise.resolve(true);
  return new Promise((resolve) => {
    const socket = connect({ host, port: Number(port) });
    const end = (lives: boolean) => {
      socket.destroy();
      resolve(lives);
    };
    socket.setTimeout(1000, () => end(true));
    socket.once("connect", () => end(true));
    socket.once("error", ({ code }: NodeJS.ErrnoException) => end(code !== "ECONNREFUSED"));
  });
}
