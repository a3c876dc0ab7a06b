import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** Another address and port of the same host. */
export interface Relay {
  readonly port: number;
  /** From now on nobody listens there. */
  readonly close: () => Promise<void>;
}

export async function relayTo(port: number): Promise<Relay> {
  const open = new Set<Socket>();
  const server = createServer((caller) => {
    const host = connect({ host: "127.0.0.1", port, noDelay: true });
    for (const [from, to] of [
      [caller, host],
      [host, caller],
    ] as const) {
      open.add(from);
      from.pipe(to);
      from.on("error", () => to.destroy());
      from.on("close", () => open.delete(from));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
