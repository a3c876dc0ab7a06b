import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { LabHost } from "../../../tools/lab/index.ts";
import { keyPair } from "../support/key-pair.ts";

const FIRST_PORT = 2200;

/** Ends the one that is there, so that nobody listens on its port. It takes its file with it. */
const END = 'cd /run/moving && pid=$(cat pid) && kill "$pid" && while [ -e "/proc/$pid" ]; do sleep 0.05; done';

/** An sshd of a host that has another port, another host key and another key for its user after each move. */
export class MovingSshd {
  #moves = 0;

  constructor(
    private readonly host: LabHost,
    /** Where the user's keys are. */
    private readonly folder: string,
  ) {}

  /** How to reach it now, from the host itself. The key of before is gone, too. */
  async move(): Promise<Readonly<Record<string, unknown>>> {
    if (this.#moves > 0) await this.stop();
    this.#moves += 1;
    const [hostKey, key, port] = [keyPair(), keyPair(), FIRST_PORT + this.#moves];
    writeFileSync(this.#keyFile, key.private, { mode: 0o600 });
    const options = ["HostKey=/run/moving/key", "AuthorizedKeysFile=/run/moving/keys", "PidFile=/run/moving/pid"];
    await this.host.sh(
      `umask 077; mkdir -p /run/sshd /run/moving && cd /run/moving && cat >key && echo '${key.public}' >keys
/usr/sbin/sshd -p ${port} ${options.map((option) => `-o ${option}`).join(" ")} -o StrictModes=no
until [ -s pid ]; do sleep 0.05; done`,
      { input: Buffer.from(hostKey.private) },
    );
    return { host: "127.0.0.1", port, hostKey: hostKey.public, privateKeyPath: this.#keyFile, dialErrorLimit: 1 };
  }

  async stop(): Promise<void> {
    rmSync(this.#keyFile, { force: true });
    await this.host.sh(`${END}; rm -r /run/moving`);
  }

  get #keyFile(): string {
    return join(this.folder, `key-${this.#moves}`);
  }
}
