import { DialError } from "../dial-error";
import { IF_OLD } from "../last-up";
import type { Hop } from "../route";
import type { Login } from "./key";
import { kindOf } from "./order";

/** How a login went. */
export interface Outcome {
  /** What the library says: the host's own words, where it gave a reason. */
  readonly message: string;
  /** What the host takes as the next step of a login. */
  readonly accepted: readonly string[] | undefined;
  /** It took a step of it, and wants another one. */
  readonly isPartial: boolean;
  readonly banner: readonly string[];
}

/** Why the login was refused, with what can be done about it. */
export function refused(outcome: Outcome, { user }: Hop, ways: readonly Login[]): DialError {
  const { message, accepted, banner } = outcome;
  const details = [
    message,
    ...banner.map((line) => `the host says: ${line}`),
    `tried: ${ways.map(({ label }) => label).join(", ")}`,
    ...(accepted === undefined ? [] : [`the host still takes: ${accepted.join(", ")}`]),
  ];
  if (banner.some((line) => NO_LOGIN.test(line)))
    return new DialError(
      "the host lets no user but root log in: it is booting, or going down",
      details,
      [NOLOGIN],
      "later",
    );
  return new DialError("the login was refused", details, [...adviceFor(outcome, user, ways), IF_OLD]);
}

const NOLOGIN =
  "Run again when it is up. If it is, take away the file that says otherwise: /run/nologin, or /etc/nologin.";

/** Of PAM, whose words those of systemd end with. It has judged no key and no password: to try again locks nothing. */
const NO_LOGIN = /\bpam_nologin\(8\)|Unprivileged users are not permitted to log in/;

function adviceFor({ message, accepted = [], isPartial }: Outcome, user: string, ways: readonly Login[]): string[] {
  if (/^too many authentication failures/i.test(message)) return [TOO_MANY];
  const given = ways.map(kindOf);
  const wanted = accepted.map(
    (kind) => WANTED.find(({ kinds }) => kinds.includes(kind))?.set ?? `${kind} is not supported`,
  );
  if (accepted.length > 0 && !accepted.some((kind) => given.includes(kind)))
    return [`Nothing that it ${isPartial ? "still " : ""}takes was given: ${[...new Set(wanted)].join("; ")}.`];
  if (isPartial)
    return ["It took a part of what was tried, and wants more (AuthenticationMethods in its sshd_config)."];
  return [
    `Whether there is a user ${user}, sshd does not say to us: its log does (journalctl -u ssh, /var/log/auth.log).`,
  ];
}

const WANTED = [
  { kinds: ["publickey"], set: "set privateKeyPath, privateKey or privateKeyEnv" },
  { kinds: ["password", "keyboard-interactive"], set: "set password or passwordEnv" },
];

const TOO_MANY =
  "Each key that is refused counts against its MaxAuthTries: give the right one alone. Of an agent, the path of its .pub file as privateKeyPath chooses it, or IdentityFile with IdentitiesOnly in ssh_config.";
