import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { applyScript } from "../../../provider/host/session/apply-script";
import type { Session } from "../../../provider/host/session/job";
import { Answer, observationFor } from "../../../provider/host/session/observation";
import { schedule } from "../../../provider/host/session/schedule";
import { Turns } from "../../../provider/host/session/turns";
import { replies } from "../../../provider/host/shell/replies";
import { observeScript, type Script } from "../../../provider/host/shell/script";
import type { Command, Result } from "../../../provider/step";
import type { FakeHost } from "../../fakes/fake-host";
import { A_MACHINE } from "../a-machine";

/** What ran: the words of each program, its own name first. */
type Ran = readonly (readonly string[])[];

/** What programs print, where a kind needs more than nothing to go on. Any other program prints nothing. */
const OUTPUTS: Readonly<Record<string, string>> = {
  stat: "600",
  id: "root",
};

// `touch` is real, for the canary's sake.
const STUB = `#!/bin/sh
name=\${0##*/}
{ printf '%s\\0' "$name" "$@"; printf '\\n\\0'; } >>"$LOG"
case $name in
  touch) for file in "$@"; do : >"$file"; done ;;
${Object.entries(OUTPUTS)
  .map(([name, output]) => `  ${name}) printf %s '${output}' ;;`)
  .join("\n")}
esac
`;

const PROGRAMS =
  "touch cat stat id ip ipvsadm sysctl systemctl apt-get dpkg dpkg-query exportfs mount umount modprobe sed grep awk " +
  "findmnt mktemp mkdir rmdir mv rm cp ln chmod chown sync df flock getent timeout arping tr sort head tail ls sleep readlink " +
  "cut od wc env uname systemd-escape systemd-run mountpoint restorecon sha256sum base64 nmcli netplan networkctl ifquery rpm";

/**
 * A real /bin/sh that finds no program but stubs, which write down their words. Nobody runs it where we are root: no redirection of a
 * script can change this machine.
 */
export class StubHost {
  readonly #dir = mkdtempSync(join(tmpdir(), "lvs-canary-"));
  readonly #log = join(this.#dir, "log");
  readonly #bin = join(this.#dir, "bin");
  readonly #said = new Map<string, Result>();

  /** How many steps were run. */
  steps = 0;

  constructor() {
    chmodSync(this.#dir, 0o777);
    mkdirSync(this.#bin);
    writeFileSync(join(this.#bin, "stub"), STUB, { mode: 0o755 });
    for (const name of PROGRAMS.split(" ")) symlinkSync("stub", join(this.#bin, name));
    this.forget();
  }

  /** The programs that ran since the last `forget`. */
  ran(): Ran {
    return readFileSync(this.#log, "utf8")
      .split("\0\n\0")
      .filter((line) => line !== "")
      .map((line) => line.split("\0"));
  }

  forget(): void {
    writeFileSync(this.#log, "");
    chmodSync(this.#log, 0o666);
  }

  has(file: string): boolean {
    return existsSync(join(this.#dir, file));
  }

  close(): void {
    rmSync(this.#dir, { recursive: true });
  }

  /** What the engine asks for and does, by the very texts that a host is sent. `fake` knows the answers that steps follow from. */
  session(fake: FakeHost | undefined): Session {
    return {
      name: "host1",
      reachedAt: () => Promise.resolve({ address: "192.0.2.1", port: 22 }),
      machine: () => Promise.resolve(A_MACHINE),
      submit: (job) => {
        const commands = job.facts.map(({ command }) => command);
        this.#ask(commands);
        const answers = new Map(
          commands.map((command) => [
            keyOf(command),
            new Answer(answerOf(fake, command) ?? this.#said.get(keyOf(command)) ?? NONE),
          ]),
        );
        const observation = observationFor(job, (command) => answers.get(keyOf(command)));
        const before = job.plan(observation);
        // Each step as a job of its own: what stubs do not do would end the others.
        const jobs = before.steps().map((step) => ({ steps: [step], isolated: true }));
        const batch = schedule(jobs, (path) => fake?.files.get(path));
        const lock = { path: join(this.#dir, "lock"), patience: 1 };
        if (batch.length > 0) this.#run(applyScript(batch, [], lock, new Turns().next()));
        this.steps += batch.length;
        return Promise.resolve({ before, after: before, done: [] });
      },
    };
  }

  /** What was asked before, word for word, was harmless then, and has the same answer. A hostile text makes a command a new one. */
  #ask(commands: readonly Command[]): void {
    const asked = commands.filter((command) => !this.#said.has(keyOf(command)));
    if (asked.length === 0) return;
    const said = this.#run(observeScript(asked));
    for (const [at, command] of asked.entries()) this.#said.set(keyOf(command), said[at] ?? NONE);
  }

  #run(script: Script): readonly (Result | undefined)[] {
    const nonce = "0123456789abcdef";
    const { stdout, stderr } = this.runText(script.text(nonce));
    const answers = replies(nonce, script.summaries.length);
    answers.take("stdout", stdout);
    answers.take("stderr", stderr);
    const results = answers.results();
    if (results === undefined) throw new Error(`the script did not end: ${stderr.toString()}`);
    return results;
  }

  /** As the shell on a host reads it: from its standard input. */
  runText(text: string): { readonly stdout: Buffer; readonly stderr: Buffer } {
    return spawnSync("/bin/sh", [], {
      input: text,
      cwd: this.#dir,
      env: { PATH: this.#bin, LOG: this.#log },
      timeout: 20_000,
      ...(process.getuid?.() === 0 && { uid: NOBODY, gid: NOBODY }),
    });
  }
}

/** All of it, also what messages do not show. */
const keyOf = (command: Command): string => JSON.stringify(command);

const NOBODY = 65534;
const NONE: Result = { code: 0, stdout: "", stderr: "" };

function answerOf(fake: FakeHost | undefined, command: Command): Result | undefined {
  try {
    return fake && { ...NONE, stdout: fake.read(command) };
  } catch {
    return undefined;
  }
}
