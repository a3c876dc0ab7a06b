import { createHash } from "node:crypto";
import ssh2 from "ssh2";
import type { LabConnection } from "./host.ts";

export interface Login {
  readonly connection: LabConnection;
  readonly user?: string;
  readonly command: string;
  /** Milliseconds until the host must have let us in. */
  readonly patience?: number;
}

/** One login through the front door, as a user's program would: the key, the port and the host key of connection. */
export function login({ connection, user = "root", command, patience = 20_000 }: Login): Promise<string> {
  const { host, port, privateKey, hostKey } = connection;
  const client = new ssh2.Client();
  return new Promise<string>((resolve, reject) => {
    client.on("error", reject);
    client.on("close", () => reject(new Error("the connection was closed")));
    client.on("ready", () => {
      client.exec(command, (error, channel) => {
        if (error !== undefined) {
          reject(error);
          return;
        }
        const heard: Buffer[] = [];
        channel.on("data", (data: Buffer) => heard.push(data));
        channel.stderr.on("data", (data: Buffer) => heard.push(data));
        channel.on("close", () => resolve(Buffer.concat(heard).toString().trimEnd()));
      });
    });
    const hostVerifier = (key: Buffer) => `ssh-ed25519 ${key.toString("base64")}` === hostKey;
    client.connect({ host, port, username: user, privateKey, hostVerifier, readyTimeout: patience });
  }).finally(() => client.destroy());
}

/** The key as sshd writes it to its log. */
export function keyFingerprint(privateKey: string): string {
  const key = ssh2.utils.parseKey(privateKey);
  if (key instanceof Error) throw key;
  return `SHA256:${createHash("sha256").update(key.getPublicSSH()).digest("base64").replace(/=+$/, "")}`;
}
