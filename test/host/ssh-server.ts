import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, connect as connectSocket, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type AcceptConnection,
  type AuthContext,
  type ParsedKey,
  Server,
  type ServerChannel,
  type ServerConfig,
  type ServerHostKeyAlgorithm,
  utils,
} from "ssh2";
import { type Connection, type ConnectionInput, connection } from "../../provider/model/connection";
import { newKey } from "./keys";

/** An SSH server in this process, whose commands are run by a real local shell. */
export interface SshServer {
  readonly port: number;
  /** `ssh-ed25519 AAAA...`, to pin. */
  readonly hostKey: string;
  readonly clientKey: { readonly private: string; readonly public: string };
  /** A directory that comes first on PATH: put fakes there. */
  readonly bin: string;
  readonly dir: string;
  /** How many have logged in, how many logins were refused, how many sockets and forwards were opened, how many sockets are open. */
  readonly counts: {
    logins: number;
    refused: number;
    sockets: number;
    forwarded: number;
    open: number;
    rekeyed: number;
  };
  /** As a user would write it, with whatever the test changes. */
  readonly connection: (changes?: Partial<ConnectionInput>) => Connection;
  /** A program of its own on PATH. */
  readonly fake: (name: string, text: string) => void;
  /** Cuts all connections, as a pulled cable would after a while. */
  readonly cut: () => void;
  readonly close: () => Promise<void>;
}

export interface ServerOptions {
  readonly password?: string;
  /** Drops this many sockets at once before it behaves: an sshd that is just starting. */
  readonly drop?: number;
  /** The login shell, up to the option before its command. @default ["/bin/sh", "-c"] */
  readonly loginShell?: readonly [string, ...string[]];
  /** Commands do not run: a shell that never says anything. */
  readonly mute?: boolean;
  /** Nothing is answered any more at a login, or after it: a host that stops there. */
  readonly stuck?: "at the login" | "after the login";
  /** As `AllowTcpForwarding no`. */
  readonly noForwarding?: boolean;
  /** As `AuthenticationMethods`: all of these, one after the other. */
  readonly steps?: readonly ("publickey" | "password")[];
  /** As `MaxAuthTries`. */
  readonly maxTries?: number;
  /** Keys are exchanged anew once somebody has logged in, as `RekeyLimit` does later. */
  readonly rekeys?: boolean;
  /** What it says to whoever begins to log in. */
  readonly banner?: string;
  /** As PAM where /run/nologin is: so many are turned away when they have proved who they are. */
  readonly turnsAway?: number;
  /** What it knows, beside what is usual. */
  readonly algorithms?: ServerConfig["algorithms"];
  /** It has an RSA key, and proves it by this algorithm alone. */
  readonly rsa?: ServerHostKeyAlgorithm;
}

type ForwardListener = (
  accept: AcceptConnection<ServerChannel>,
  reject: () => void,
  info: { readonly destIP: string; readonly destPort: number },
) => void;

export async function startServer(options: ServerOptions = {}): Promise<SshServer> {
  const dir = mkdtempSync(join(tmpdir(), "lvs-host-"));
  const bin = join(dir, "bin");
  mkdirSync(bin);
  const hostKeys = options.rsa === undefined ? newKey() : utils.generateKeyPairSync("rsa", { bits: 2048 });
  const clientKeys = newKey();
  const allowed = utils.parseKey(clientKeys.public) as ParsedKey;
  const counts = { logins: 0, refused: 0, sockets: 0, forwarded: 0, open: 0, rekeyed: 0 };
  const sockets = new Set<Socket>();
  const children = new Set<ChildProcess>();
  const serverHostKey = options.rsa === undefined ? {} : { serverHostKey: [options.rsa] };
  const algorithms = { ...options.algorithms, ...serverHostKey };
  const { banner = "" } = options;
  let turned = 0;
  const server = new Server({ hostKeys: [hostKeys.private], banner, algorithms }, (client) => {
    client.on("error", () => undefined).setMaxListeners(0);
    const left = [...(options.steps ?? [])];
    let tries = 0;
    client.on("authentication", (context) => {
      if (options.stuck === "at the login") return;
      const good = accepts(context, allowed, options.password);
      const [step] = left;
      if (step !== undefined && (context.method !== step || !good)) {
        tries += 1;
        if (tries >= (options.maxTries ?? 1000)) client.end();
        context.reject([step]);
      } else if (step !== undefined && isWhole(context) && left.length > 1) {
        left.shift();
        context.reject(left.slice(0, 1), true);
      } else if (good) {
        if (isWhole(context) && turned < (options.turnsAway ?? 0)) {
          turned += 1;
          client.end();
          return;
        }
        if (isWhole(context)) counts.logins += 1;
        context.accept();
      } else {
        if (context.method !== "none") counts.refused += 1;
        if (counts.refused >= (options.maxTries ?? 1000)) client.end();
        context.reject(
          options.password === undefined ? ["publickey"] : ["publickey", "password", "keyboard-interactive"],
        );
      }
    });
    client.on("request", (accept) => accept?.());
    if (options.rekeys === true)
      client.once("ready", () => {
        client.rekey(() => {
          counts.rekeyed += 1;
        });
      });
    // As sshd does: the channel opens once the other host has taken the connection.
    const forward: ForwardListener = (accept, reject, { destIP, destPort }) => {
      counts.forwarded += 1;
      const there = connectSocket(destPort, destIP);
      there.once("connect", () => {
        const channel = accept();
        there.pipe(channel).pipe(there);
        channel.on("close", () => there.destroy());
      });
      there.on("error", () => reject());
      client.on("close", () => there.destroy());
    };
    // Without a listener, ssh2 says that it is prohibited.
    if (options.noForwarding !== true) client.on("tcpip", forward);
    client.on("session", (accept) => {
      if (options.stuck === "after the login") return;
      accept().on("exec", (acceptExec, _reject, { command }) => {
        const channel = acceptExec();
        if (options.mute === true) return;
        const [shell, ...words] = options.loginShell ?? ["/bin/sh", "-c"];
        const child = spawn(shell, [...words, command], {
          cwd: dir,
          env: {
            ...process.env,
            PATH: `${bin}:${process.env["PATH"] ?? ""}`,
            SSH_CONNECTION: "127.0.0.1 50000 127.0.0.1 22",
            SSH_DIR: dir,
          },
        });
        children.add(child);
        child.stdout.pipe(channel, { end: false });
        child.stderr.pipe(channel.stderr, { end: false });
        channel.pipe(child.stdin);
        child.stdin.on("error", () => undefined);
        child.on("close", (code) => {
          children.delete(child);
          channel.exit(code ?? 1);
          channel.end();
        });
      });
    });
  });
  // The inner net.Server: the only place that sees sockets.
  const listener = (
    server as unknown as { readonly _srv: { on(event: "connection", listener: (socket: Socket) => void): void } }
  )._srv;
  let drop = options.drop ?? 0;
  listener.on("connection", (socket) => {
    counts.sockets += 1;
    counts.open += 1;
    sockets.add(socket);
    socket.on("close", () => {
      counts.open -= 1;
      sockets.delete(socket);
    });
    if (drop > 0) {
      drop -= 1;
      socket.destroy();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const [type = "", blob = ""] = hostKeys.public.split(" ");
  const hostKey = `${type} ${blob}`;
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port,
    hostKey,
    clientKey: clientKeys,
    bin,
    dir,
    counts,
    cut,
    connection: (changes = {}) =>
      connection.parse({
        host: "127.0.0.1",
        port,
        user: "root",
        privateKey: clientKeys.private,
        hostKey,
        dialErrorLimit: 1,
        perDialTimeout: 5,
        deadline: 10,
        ...changes,
      }),
    fake: (name, text) => writeFileSync(join(bin, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 }),
    close: async () => {
      cut();
      for (const child of children) {
        child.kill();
        // What it started may write on, and would keep us here.
        child.stdout?.destroy();
        child.stderr?.destroy();
      }
      await new Promise<void>((resolve) => server.close(() => resolve()));
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** A key is shown first, and signs afterwards. */
function isWhole(context: AuthContext): boolean {
  return context.method !== "publickey" || context.signature !== undefined;
}

function accepts(context: AuthContext, allowed: ParsedKey, password: string | undefined): boolean {
  switch (context.method) {
    case "publickey":
      if (!context.key.data.equals(allowed.getPublicSSH())) return false;
      return (
        context.signature === undefined ||
        context.blob === undefined ||
        allowed.verify(context.blob, context.signature, context.hashAlgo)
      );
    case "password":
      return password !== undefined && context.password === password;
    default:
      return false;
  }
}
