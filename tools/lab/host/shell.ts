import { readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import ssh2, { type Client, type ClientChannel } from "ssh2";
import type { HostName } from "../hosts.ts";
import { file } from "../plan.ts";

export interface Output {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
}

export interface ShellOptions {
  /** Milliseconds; 60 000 unless told. */
  readonly timeout?: number;
  /** Throw when the exit code is not 0, which is usual. */
  readonly check?: boolean;
  /** What the script reads from its standard input. */
  readonly input?: Buffer;
}

/** Runs scripts on a guest as root, over one connection that is kept open, on the lab's own path: no cut is felt here. */
export class Shell {
  readonly #host: HostName;
  readonly #folder: string;
  #connection: Promise<Connection> | undefined;

  constructor(host: HostName, folder: string) {
    this.#host = host;
    this.#folder = folder;
  }

  async run(script: string, { timeout = 60_000, check = true, input }: ShellOptions = {}): Promise<Output> {
    const { channel, output: ending } = await this.open(script, timeout);
    if (input !== undefined) channel.end(input);
    const output = await ending;
    if (check && output.code !== 0) {
      throw new Error(
        `${this.#host}: the script ended with exit code ${output.code}\n${indent(script)}\n${indent(output.stdout + output.stderr)}`,
      );
    }
    return output;
  }

  /** A script that goes on while others run. `hear` gets what it says on stderr, from the beginning. */
  async open(script: string, timeout: number, hear?: (said: Buffer) => void): Promise<Running> {
    const { client, socket } = await this.#connect();
    socket.ref();
    const running = await new Promise<Running>((resolve, reject) => {
      const lost = () => reject(this.#lost(script));
      client.once("close", lost);
      client.exec(script, (error, channel) => {
        client.off("close", lost);
        if (error !== undefined) {
          reject(error);
          return;
        }
        // Who listens only after a turn of the loop misses the exit code of a short script, and first words: they may be in the same packet.
        if (hear !== undefined) channel.stderr.on("data", hear);
        resolve({ channel, output: collect(channel, timeout, () => this.#late(script, timeout)) });
      });
    });
    const done = () => socket.unref();
    running.output.then(done, done);
    return running;
  }

  close(): void {
    this.#connection?.then(
      ({ client }) => client.destroy(),
      () => undefined,
    );
    this.#connection = undefined;
  }

  #connect(): Promise<Connection> {
    this.#connection ??= new Promise<Connection>((resolve, reject) => {
      const socket = connect(join(this.#folder, file.socket(this.#host)));
      const client = new ssh2.Client();
      const forget = (error: Error) => {
        this.#connection = undefined;
        reject(new Error(`${this.#host}: no SSH connection: ${error.message}`));
      };
      client.on("error", forget);
      client.on("close", () => forget(new Error("closed")));
      client.on("ready", () => {
        socket.unref();
        resolve({ client, socket });
      });
      socket.on("error", forget);
      client.connect({
        sock: socket,
        username: "root",
        privateKey: readFileSync(join(this.#folder, file.labKey)),
        readyTimeout: 15_000,
      });
    });
    return this.#connection;
  }

  #lost = (script: string): Error =>
    new Error(`${this.#host}: the connection was lost while this ran:\n${indent(script)}`);

  #late = (script: string, timeout: number): Error =>
    new Error(`${this.#host}: the script took more than ${timeout} ms:\n${indent(script)}`);
}

interface Connection {
  readonly client: Client;
  readonly socket: Socket;
}

export interface Running {
  readonly channel: ClientChannel;
  readonly output: Promise<Output>;
}

function collect(channel: ClientChannel, timeout: number, late: () => Error): Promise<Output> {
  return new Promise((resolve, reject) => {
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    const timer = setTimeout(() => {
      channel.destroy();
      reject(late());
    }, timeout);
    let code: number | undefined;
    channel.on("data", (data: Buffer) => stdout.push(data));
    channel.stderr.on("data", (data: Buffer) => stderr.push(data));
    channel.on("exit", (status: number | null) => {
      // Ended by a signal, as a shell would count it.
      code = status ?? 128;
    });
    channel.on("close", () => {
      clearTimeout(timer);
      if (code === undefined) reject(new Error("the connection was lost before the script ended"));
      else resolve({ stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString(), code });
    });
  });
}

const indent = (text: string): string => text.replace(/^/gm, "  ").trimEnd();
