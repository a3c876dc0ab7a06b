import { connect } from "node:net";

/** The address that the engine has given to this provider process, as to all of one run. Undefined: it was not started by one. */
export const engine = process.argv[2];

const LOOKS_EVERY_MS = 2000;

/**
 * Whether the engine is there that has started this provider process, by the address that it gave. A CLI that was killed leaves its provider
 * running, with all that it had been asked for: it would go on beside the next run.
 */
export function engineLives(address = engine): Promise<boolean> {
  const to = placeOf(address);
  if (to === undefined) return Promise.resolve(true);
  return new Promise((resolve) => {
    const socket = connect(to);
    const end = (lives: boolean) => {
      socket.destroy();
      resolve(lives);
    };
    socket.setTimeout(1000, () => end(true));
    socket.once("connect", () => end(true));
    socket.once("error", ({ code }: NodeJS.ErrnoException) => end(code !== "ECONNREFUSED"));
  });
}

/**
 * Has this process end after its engine. Nobody else ends it where the CLI was killed, or could not write any more (`pulumi preview | head`). The
 * end is that of a process which is asked to end: what changes a host at that moment is finished before. Meanwhile nobody reads what it says, and the
 * SDK says each error that nobody hears, that of its own saying too: without an end, and with all of them in memory.
 */
export function endWithEngine(address = engine, everyMs = LOOKS_EVERY_MS, end = askToEnd): void {
  if (placeOf(address) === undefined) return;
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
  const timer = setTimeout(() => {
    void engineLives(address).then((lives) => {
      if (lives) timer.refresh();
      else end();
    });
  }, everyMs).unref();
}

function askToEnd(): void {
  process.kill(process.pid, "SIGTERM");
}

/** Where an engine listens, by its address; undefined: that is none. */
export function placeOf(address: string | undefined): { readonly host: string; readonly port: number } | undefined {
  const [, host = "", port] = /^([\w.]+):(\d+)$/.exec(address ?? "") ?? [];
  return port === undefined ? undefined : { host, port: Number(port) };
}
