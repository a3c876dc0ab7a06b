import { withinDial } from "./deadline";
import { DialError, NotForwarded } from "./dial-error";
import type { KeyPolicy } from "./host-keys/policy";
import { IF_OLD } from "./last-up";
import type { Heard } from "./login/heard";
import type { Login } from "./login/key";
import type { LoginOrder } from "./login/order";
import { refused } from "./login/refused";
import type { Hop } from "./route";

/** How far a login has come. */
export type Stage = "version" | "keys" | "login";

/** As ssh2 calls its own. */
export const TIMEOUT = "client-timeout";

/** What the host keeps us waiting for at each stage. */
const AWAITED = {
  version: "it takes the connection, and does not say that it is an SSH server",
  keys: "it stops in the exchange of keys",
  login: "it stops in the login",
} as const satisfies Record<Stage, string>;

/** How far it came. */
interface Progress {
  readonly stage: Stage;
  readonly words: string;
  readonly order: Pick<LoginOrder, "accepted" | "isPartial">;
  readonly heard: Heard;
}

/** What was tried. */
interface Attempt {
  readonly hop: Hop;
  readonly ways: readonly Login[];
  readonly policy: KeyPolicy;
}

/** Why a connection that was taken did not become a login. */
export function explain(
  error: Error & { level?: string },
  { stage, words, order, heard }: Progress,
  { hop, ways, policy }: Attempt,
): DialError {
  // A host that stops in the middle of a login has refused nothing, and none of ten logins more shall be left there.
  if (error.level === TIMEOUT)
    return new DialError(
      `no answer ${withinDial(hop)}: ${AWAITED[stage]}`,
      stage === "version" ? linesOf(words) : [],
      [IS_IT_UP, IF_OLD],
      stage === "login" ? "no" : "soon",
    );
  if (/no matching host key/i.test(error.message)) return noCommonKey(policy);
  const [, what] = /no matching (.+)$/i.exec(error.message) ?? [];
  if (what !== undefined) return nothingInCommon(what, heard);
  if (stage === "version" && error.level !== "handshake") return turnedAway(error, words);
  // An sshd that is starting or stopping. It has not judged us yet.
  if (stage !== "login")
    return new DialError(error.message, [], [IS_IT_UP, IF_OLD], error.level === "handshake" ? "no" : "soon");
  const { accepted, isPartial } = order;
  return refused({ message: error.message, accepted, isPartial, banner: heard.banner }, hop, ways);
}

function noCommonKey({ algorithms, isKnown }: KeyPolicy): DialError {
  const offered = `offered: ${algorithms.join(", ")}`;
  if (!isKnown) return new DialError("the host and we have no algorithm for host keys in common", [offered], [OLD]);
  return new DialError(
    "the host has no key of the types that are known for it",
    [offered],
    [
      "Add its other keys (ssh-keyscan prints them) to hostKey or to the known hosts file, or take the old ones out if it was installed anew.",
    ],
  );
}

/** `what`: as ssh2 calls it. */
function nothingInCommon(what: string, heard: Heard): DialError {
  const offers = heard.offers(what) ?? heard.offers("KEX method");
  const [, of = what] = /^[CS]->[CS] (.+)$/.exec(what) ?? [];
  return new DialError(
    `the host and we have no ${of} in common`,
    offers === undefined ? [] : [`the host knows: ${offers}`],
    [`Its sshd_config has to allow one that ssh2 knows, such as ${COMMON.find(({ when }) => when.test(of))?.say}.`],
  );
}

const COMMON = [
  { when: /cipher/, say: "aes256-gcm@openssh.com or aes256-ctr (Ciphers)" },
  { when: /MAC/, say: "hmac-sha2-256-etm@openssh.com (MACs)" },
  { when: /./, say: "curve25519-sha256 (KexAlgorithms)" },
] as const;

const OLD =
  "An old sshd knows SHA-1 alone: give it an ed25519 key, or allow ssh-rsa by HostKeyAlgorithms in ssh_config.";

/** Before a word of SSH. sshd says there that it has too many callers (MaxStartups), or has had enough of us (PerSourcePenalties). */
function turnedAway(error: Error, words: string): DialError {
  return new DialError(
    "the connection was taken, and closed before the host said that it is an SSH server",
    [error.message, ...linesOf(words)],
    [
      ...(isOfSshd(words) ? [] : ["Those are no words of an sshd: does the port lead to one?"]),
      "So does an sshd with too many logins under way (MaxStartups), one that has had enough of this address (PerSourcePenalties), and what stands before it (fail2ban, a load balancer without a server): its log says which (journalctl -u ssh).",
      IF_OLD,
    ],
    "later",
  );
}

function isOfSshd(words: string): boolean {
  return words === "" || /MaxStartups|Not allowed at this time|tcp ?wrappers/i.test(words);
}

/** Another server may say more than anybody reads. */
function linesOf(words: string): readonly string[] {
  return words
    .split("\n")
    .filter((line) => line !== "")
    .slice(0, 5)
    .map((line) => line.slice(0, 200));
}

/** Why no connection was taken. */
export function noHost(error: NodeJS.ErrnoException): DialError {
  const { code = "" } = error;
  // Of a name with several addresses, each has an error of its own.
  const all = error instanceof AggregateError ? (error.errors as readonly Error[]) : [error];
  const reason = all.map(({ message }) => message).join("; ");
  const [why, advice] = CAUSES.find(({ codes }) => codes.includes(code))?.says ?? ["", IS_IT_UP];
  // A name that does not exist is a mistake and will be one in a minute.
  return new DialError(`${reason}${why}`, [], [advice, IF_OLD], code === "ENOTFOUND" ? "no" : "soon");
}

/** Why a proxy has no connection. The words are those of its sshd, or of its C library. A name that does not exist will be a mistake in a minute, too. */
export function unreachable(target: string, reason: string): DialError {
  const isNoName = /name or service not known|nodename nor servname|name does not resolve|no address associated/i.test(
    reason,
  );
  const advice = isNoName
    ? "Is the name right, and does the resolver of the proxy know it (getent hosts NAME, there)?"
    : "Is the host up, and do its address and port lead to an sshd, as the proxy sees them?";
  return new DialError(`the proxy cannot reach ${target}: ${reason}`, [], [advice, IF_OLD], isNoName ? "no" : "soon");
}

export function notForwarded({ message }: Error, target: string): NotForwarded {
  return new NotForwarded(
    `the proxy does not forward to ${target}`,
    [message],
    [
      "Its sshd has to allow it: AllowTcpForwarding and PermitOpen in sshd_config, permitopen and restrict in authorized_keys.",
    ],
  );
}

const CAUSES: readonly { readonly codes: readonly string[]; readonly says: readonly [string, string] }[] = [
  {
    codes: ["ECONNREFUSED"],
    says: [
      ": the host is there, and nothing listens",
      "Is sshd running, and on that port? A firewall that rejects says the same.",
    ],
  },
  {
    codes: ["EHOSTUNREACH", "ENETUNREACH"],
    says: [
      ": there is no way to it",
      "Is the host up, and does this machine have a route to its network (ip route get ADDRESS, a VPN)?",
    ],
  },
  {
    codes: ["ENOTFOUND"],
    says: [": no such name", "Is the name right, and does this machine's resolver know it (getent hosts NAME)?"],
  },
  {
    codes: ["EAI_AGAIN"],
    says: [": no answer of a name server", "Does this machine reach its name servers (/etc/resolv.conf)?"],
  },
];

export const IS_IT_UP = "Is the host up, and do its address and port lead to an sshd?";
