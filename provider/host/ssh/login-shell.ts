import { randomBytes } from "node:crypto";
import type { Client, ClientChannel } from "ssh2";
import { FIND_MISSING, missingIn } from "../../facts/programs";
import type { Connection } from "../../model/connection";
import { hostName } from "../../model/host-name";
import { type Machine, machineOf } from "../../model/machine";
import { quote } from "../../step";
import type { Link } from "./connect";
import { Deadline, withinDial } from "./deadline";
import { DialError } from "./dial-error";
import { missingError } from "./login/needs";
import { answerTo, becomeRoot, sudoError, wantedPassword } from "./sudo";

/** What the shell reports when it starts. */
export interface ShellInfo {
  readonly uid: number;
  /** Where our connection enters the host, from its $SSH_CONNECTION. */
  readonly reachedAt: { readonly address: string; readonly port: number };
  readonly machine: Machine;
  /** `new`: it has booted less than five minutes ago, and NetworkManager, for which systemd does not wait, may still be at it. */
  readonly phase: Phase;
  /** Programs that some kinds need, and that the host did not have. */
  readonly missing: readonly string[];
}

const PHASES = ["starting", "stopping", "new", "booted"] as const;
type Phase = (typeof PHASES)[number];

export interface Started {
  readonly channel: ClientChannel;
  readonly info: ShellInfo;
}

/**
 * Starts `/bin/sh` on one channel. A sudo password is sent when sudo asks for it with a prompt that stands on no command line. Whatever
 * happens to it, no shell runs it: what starts as root reads lines, and drops them, up to the one with which we answer its greeting.
 */
export async function startShell({ client, hostKey, login }: Link, given: Connection): Promise<Started> {
  const connection = { ...given, ...login };
  const nonce = randomBytes(16).toString("hex");
  const channel = await execute(client, startText(connection, nonce), connection);
  const { words, ...info } = await waitForInfo(channel, connection, nonce);
  const lacks = missingError(hostName(given), info.missing);
  if (lacks !== undefined) throw lacks;
  channel.write(`${nonce}\n`);
  return { channel, info: { ...info, machine: machineOf(words, hostKey) } };
}

/** Shell text that sets `m`, `b` and `n`: machine-id, boot, network namespace. Each is one word, `-` where the host does not say. */
const FIND_MACHINE = `m=; b=; [ -f /etc/machine-id ] && read -r m rest 2>/dev/null </etc/machine-id; read -r b rest 2>/dev/null </proc/sys/kernel/random/boot_id; \
n=$(readlink /proc/self/ns/net 2>/dev/null); m=\${m:--}; b=\${b:--}; n=\${n:--}`;

/** Shell text that sets `p`. One look at systemd for a session, for which a host without one has no program. */
const FIND_PHASE = `p=booted; read -r up rest 2>/dev/null </proc/uptime && [ "\${up%%.*}" -lt 300 ] && [ -d /run/NetworkManager ] && p=new; \
case $(timeout 5 systemctl is-system-running 2>/dev/null </dev/null) in \
initializing | starting) p=starting ;; stopping) p=stopping ;; esac`;

// A script that has begun is finished although the connection is lost. SIGHUP and SIGPIPE are ignored, and output goes through tee,
// which discards it when nothing reads it any more: otherwise the first command that prints something would fail. An exported SHELLOPTS
// makes bash trace all that we run. 126: the program is there, and sudoers (noexec) keeps the shell from starting any.
// shellcheck disable=SC2086: words for env.
const READY = `set +euxv; PATH=/usr/sbin:/sbin:/usr/bin:/bin:$PATH; LC_ALL=C; export PATH LC_ALL; unset TMOUT go; \
trap "" HUP PIPE; umask 022; cd /; \
while read -r k u rest; do [ "$k" = Uid: ] && break; done 2>/dev/null </proc/$$/status; [ "$k" = Uid: ] || u=$(id -u); \
set -f; foreign=$(${foreignNames()}); [ $? != 126 ] || { echo "sh: no program may be started here" >&2; exit 1; }; ${FIND_MACHINE}; ${FIND_PHASE}; ${FIND_MISSING}; \
printf "\\n%s\\n" "$1" >&2; printf "\\n%s %s %s %s %s %s %s %s\\n" "$1" "$u" "$p" "$m" "$b" "$n" "$l" "$2"; \
until [ "$go" = "$1" ]; do read -r go || exit 1; done; \
{ env $foreign /bin/sh 2>&1 >&3 3>&- | tee /dev/null >&2 3>&-; } 3>&1 | tee /dev/null`;

/**
 * Shell text that prints `-u NAME` for each variable of the environment that our commands shall not have. There are too many that change
 * what shells and programs do or print (SHELLOPTS, exported functions, TMOUT, POSIXLY_CORRECT, BLOCK_SIZE, GREP_OPTIONS), so what is
 * left is what says who we are, and what programs need to reach the network.
 */
function foreignNames(): string {
  const ours =
    "HOME|USER|LOGNAME|SHELL|PATH|LC_ALL|TZ|(SSH|SUDO|LD|SSL_CERT|DNF_VAR)_.*|YUM[0-9]|APT_CONFIG|CURL_CA_BUNDLE|.*_(proxy|PROXY)";
  return `awk "BEGIN { for (name in ENVIRON) if ((name \\"=\\") ~ /^(${ours})=/) continue; else print \\"-u\\", name }" </dev/null 2>/dev/null`;
}

/** One line without a single quote or an exclamation mark of its own: it is read by whatever login shell the user has. */
function startText(connection: Connection, nonce: string): string {
  const start = `trap "" HUP PIPE; LC_ALL=C; export LC_ALL; unset LANGUAGE; ${becomeRoot(connection)} /bin/sh -c "$2" sh "$1" "$SSH_CONNECTION"`;
  return `exec /bin/sh -c ${quote(start)} sh ${nonce} ${quote(READY)}`;
}

/** A host may stop between its login and this: a connection on which nothing is heard ends much later. */
function execute(client: Client, text: string, connection: LoggedIn): Promise<ClientChannel> {
  return new Promise((resolve, reject) => {
    const fail = (why: string, advice: readonly string[]) => {
      deadline.end();
      reject(new DialError(`no shell on the host: ${why}`, [], advice));
    };
    const deadline = new Deadline(connection.perDialTimeout, () => fail(`no answer ${withinDial(connection)}`, []));
    client.exec(text, (error, channel) => {
      deadline.end();
      if (error) fail(error.message, [NO_SESSION]);
      else resolve(channel);
    });
  });
}

const NO_SESSION = "The login was taken, and no command is: see MaxSessions in its sshd_config, and its log.";

function waitForInfo(channel: ClientChannel, connection: LoggedIn, nonce: string): Promise<Greeting> {
  return new Promise((resolve, reject) => {
    const output = { stdout: "", stderr: "" };
    let answered = false;
    const stop = () => {
      deadline.end();
      channel.removeAllListeners("data").removeAllListeners("close");
      channel.stderr.removeAllListeners("data");
    };
    // The greeting, or the prompt: `NONCE %pat `.
    const ours = new RegExp(`${nonce}(?: %[^%\\n]+ )?`, "g");
    const fail = (why: string) => {
      stop();
      reject(sudoError(connection, why, `${output.stdout}${output.stderr}`.replaceAll(ours, "").trim()));
    };
    const deadline = new Deadline(connection.perDialTimeout, () => {
      const half = parseInfo(output.stdout, nonce) === undefined ? "" : ", only its standard output";
      fail(`no shell ${withinDial(connection)}${half}`);
    });
    // Both streams have to greet: what rc files say on either is over then, and is not taken for the words of a command.
    const greet = () => {
      const info = parseInfo(output.stdout, nonce);
      if (info === undefined || !output.stderr.includes(`\n${nonce}\n`)) return false;
      stop();
      resolve(info);
      return true;
    };
    const hear = (stream: keyof typeof output, chunk: Buffer) => {
      output[stream] += chunk.toString("latin1");
      const isDone = greet();
      if (!isDone && output[stream].length > MOST) fail(`no shell, but more than ${MOST} bytes of other words`);
      return isDone;
    };
    channel.on("data", (chunk: Buffer) => hear("stdout", chunk));
    channel.stderr.on("data", (chunk: Buffer) => {
      if (hear("stderr", chunk)) return;
      const owner = wantedPassword(output.stderr, nonce);
      if (owner === undefined) return;
      const answer = answered ? { refusal: "sudo refused the password" } : answerTo(connection, owner);
      if (answer.refusal !== undefined) {
        fail(answer.refusal);
        return;
      }
      answered = true;
      output.stderr = "";
      channel.write(`${answer.secret}\n`);
    });
    channel.on("close", () =>
      fail(answered ? "sudo was told the password, and started no shell" : "the shell ended at once"),
    );
  });
}

/** A connection with what ssh_config says. */
type LoggedIn = Connection & Link["login"];

/** What rc files may print, in bytes: looking for our greeting takes time with each. */
const MOST = 2 ** 20;

interface Greeting extends Omit<ShellInfo, "machine"> {
  /** Of the machine. */
  readonly words: readonly string[];
}

/** `<nonce> 0 booted MACHINE-ID BOOT NETWORK MISSING 198.51.100.7 50000 192.0.2.1 22` */
function parseInfo(stdout: string, nonce: string): Greeting | undefined {
  const found = new RegExp(`\\n${nonce} (\\d+) (\\w+) (\\S+ \\S+ \\S+) (\\S+) (?:\\S+ \\d+ (\\S+) (\\d+))?.*\\n`).exec(
    stdout,
  );
  if (!found) return undefined;
  const [, uid, phase, words = "", missing = "", address = "", port = "0"] = found;
  return {
    uid: Number(uid),
    phase: PHASES.find((one) => one === phase) ?? "booted",
    words: words.split(" "),
    missing: missingIn(missing),
    reachedAt: { address, port: Number(port) },
  };
}
