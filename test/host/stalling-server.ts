import { once } from "node:events";
import { type AddressInfo, connect as connectSocket, createServer, type Socket } from "node:net";
import { Server, type ServerChannel } from "ssh2";
import { newKey } from "./keys";

/** Where an SSH server says nothing any more, or more than anybody wants to hear. */
export type Stall =
  | "before its version"
  | "in words before its version that do not end"
  | "after its version"
  | "at the first question"
  | "when it is shown a key"
  | "when a key is proved"
  | "at a password"
  | "in questions that do not end"
  | "when a session is opened"
  | "when a command is given"
  | "after it has taken the command"
  | "when sudo has the password"
  | "in an answer"
  | "in marks that do not end";

export interface StallingServer {
  readonly port: number;
  readonly hostKey: string;
  readonly clientKey: string;
  /** How many connections are open. */
  readonly open: () => number;
  readonly close: () => Promise<void>;
}

/** Lets everybody in who comes so far. */
export async function stallingServer(stall: Stall): Promise<StallingServer> {
  const [hostKeys, clientKeys] = [newKey(), newKey()];
  const sockets = new Set<Socket>();
  const inner = sshServer(stall, hostKeys.private);
  inner.listen(0, "127.0.0.1");
  await once(inner, "listening");
  const outer = createServer((socket) => {
    sockets.add(socket.on("error", () => undefined).on("close", () => sockets.delete(socket)));
    // What is not read does not end.
    socket.resume();
    if (stall === "before its version") return;
    if (stall === "after its version") socket.write("SSH-2.0-silent\r\n");
    else if (stall === "in words before its version that do not end") talk(socket);
    else relay(socket, (inner.address() as AddressInfo).port);
  }).listen(0, "127.0.0.1");
  await once(outer, "listening");
  return {
    port: (outer.address() as AddressInfo).port,
    hostKey: hostKeys.public.split(" ").slice(0, 2).join(" "),
    clientKey: clientKeys.private,
    open: () => sockets.size,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      inner.close();
      await new Promise((resolve) => outer.close(resolve));
    },
  };
}

export interface Relay {
  readonly port: number;
  /** From now on what the server says reaches nobody. */
  readonly mute: () => void;
  readonly open: () => number;
  readonly close: () => Promise<void>;
}

/** A way to a server whose words reach nobody any more after so many bytes, or when it is told. */
export async function relayTo(port: number, bytes = Number.POSITIVE_INFINITY): Promise<Relay> {
  const sockets = new Set<Socket>();
  let left = bytes;
  const server = createServer((socket) => {
    sockets.add(socket.on("error", () => undefined).on("close", () => sockets.delete(socket)));
    const there = connectSocket(port, "127.0.0.1").on("error", () => undefined);
    socket.on("data", (chunk: Buffer) => there.write(chunk)).on("close", () => there.destroy());
    there.on("data", (chunk: Buffer) => {
      const said = chunk.subarray(0, Math.min(left, chunk.length));
      left -= said.length;
      if (said.length > 0) socket.write(said);
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    mute: () => {
      left = 0;
    },
    open: () => sockets.size,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function relay(socket: Socket, port: number): void {
  const there = connectSocket(port, "127.0.0.1").on("error", () => socket.destroy());
  socket.pipe(there).pipe(socket);
  socket.on("close", () => there.destroy());
  there.on("close", () => socket.destroy());
}

function talk(socket: Socket): void {
  const timer = setInterval(() => socket.write(`${"x".repeat(200)}\r\n`), 100);
  socket.on("close", () => clearInterval(timer));
}

function sshServer(stall: Stall, hostKey: string): Server {
  return new Server({ hostKeys: [hostKey] }, (client) => {
    client.on("error", () => undefined);
    client.on("authentication", (context) => {
      if (stall === "at the first question") return;
      if (context.method === "none") context.reject(["publickey", "password", "keyboard-interactive"]);
      else if (context.method === "publickey") {
        if (stall === (context.signature === undefined ? "when it is shown a key" : "when a key is proved")) return;
        if (stall === "at a password" || stall === "in questions that do not end")
          context.reject(["password", "keyboard-interactive"]);
        else context.accept();
      } else if (context.method === "password") {
        if (stall === "at a password") return;
        context.reject(["keyboard-interactive"]);
      } else if (context.method === "keyboard-interactive") {
        const ask = () => context.prompt([{ prompt: "Password: ", echo: false }], () => setTimeout(ask, 20));
        ask();
      } else context.reject();
    });
    client.on("session", (accept) => {
      if (stall === "when a session is opened") return;
      accept().on("exec", (takeCommand, _refuse, { command }) => {
        if (stall === "when a command is given") return;
        shell(stall, takeCommand(), command);
      });
    });
  });
}

/** What our shell does, by its words alone: a greeting with the nonce of the command, then marks. */
function shell(stall: Stall, channel: ServerChannel, command: string): void {
  channel.on("error", () => undefined);
  if (stall === "after it has taken the command") return;
  const [, nonce = ""] = / sh ([0-9a-f]{32}) /.exec(command) ?? [];
  if (stall === "when sudo has the password") {
    channel.stderr.write(`${nonce} %ops `);
    return;
  }
  channel.write(`\n${nonce} 0 booted - - - - 127.0.0.1 1 127.0.0.1 22\n`);
  channel.stderr.write(`\n${nonce}\n`);
  channel.on("data", (chunk: Buffer) => {
    const [, mark] = /printf '\\n([0-9a-f]{32}) /.exec(chunk.toString("latin1")) ?? [];
    if (mark === undefined || stall !== "in marks that do not end") return;
    const timer = setInterval(() => channel.write(`\n${mark} 0 0\n`), 50);
    channel.on("close", () => clearInterval(timer));
  });
}
