import type { Connection } from "../../model/connection";
import { ownValue } from "../../model/own-value";
import type { Advice } from "../../step";
import { DialError } from "./dial-error";

/** The password for sudo: most users who log in by password have the same one for both. */
export function sudoSecret({ sudo, sudoPassword, password, passwordEnv }: Connection): string | undefined {
  return sudo
    ? (sudoPassword ?? password ?? (passwordEnv === undefined ? undefined : ownValue(process.env, passwordEnv)))
    : undefined;
}

/** How to become root, as shell text: `$1` is the nonce of the prompt. sudoers may name another user as the default. */
export function becomeRoot(connection: Connection): string {
  if (!connection.sudo) return "exec";
  return sudoSecret(connection) === undefined ? "exec sudo -n -u root --" : `exec sudo -S -p "$1 ${PROMPT}" -u root --`;
}

// sudo itself makes of it "%" and the name of the user whose password it wants. So the prompt as sudo prints it is on no command line:
// a shell that traces its commands, `ps` or a log cannot show it.
const PROMPT = "%%%p ";

/**
 * The user whose password sudo asks for, if stderr ends with our prompt. sudo-rs puts it into words of its own, before those of PAM:
 * `[sudo: NONCE %pat ] Password: `.
 */
export function wantedPassword(stderr: string, nonce: string): string | undefined {
  const end = stderr.slice(Math.max(0, stderr.lastIndexOf(nonce), stderr.lastIndexOf("\n")));
  const [, user] = new RegExp(`^${nonce} %([^%]+?) (?:\\] [^\\n]*)?$`).exec(end) ?? [];
  return user;
}

/** What to tell sudo, or why not. A login's password is no other user's. */
export function answerTo(
  connection: Connection,
  owner: string,
): { readonly secret: string; readonly refusal?: never } | { readonly refusal: string } {
  const secret = sudoSecret(connection);
  if (secret === undefined) return { refusal: "sudo asks for a password, and none is given" };
  if (owner === "root" && connection.user !== "root" && connection.sudoPassword === undefined) {
    return { refusal: "sudo asks for the password of root (Defaults rootpw, targetpw or runaspw in sudoers)" };
  }
  return { secret };
}

/** The error for a shell that did not start, with advice. */
export function sudoError(connection: Connection, why: string, output: string): DialError {
  const secret = sudoSecret(connection);
  // sudo never says it, but an rc file or a PAM module could.
  const text = secret === undefined || secret === "" ? output : output.replaceAll(secret, "(the password)");
  const details = text === "" ? [] : text.split("\n").map((line) => line.trim());
  if (!connection.sudo) {
    const isExpired = /password has expired/i.test(output);
    const isLate = /no shell within \d+ s \(perDialTimeout\)$/.test(why);
    return new DialError(why, details, isExpired ? [EXPIRED] : [NO_SH, ...(isLate ? [LOGIN_FILE] : [])]);
  }
  const advice = SUDO_ADVICE.filter(({ when }) => when.test(`${why}\n${output}`)).map(({ say }) => say);
  return new DialError(`${why} (sudo as ${connection.user})`, details, advice.length > 0 ? advice : [ASK_SUDO]);
}

const ASK_SUDO = "See what that user may do (sudo -l, on the host), and what sudo has logged (journalctl -t sudo).";

const NO_SH =
  "The login shell of the user must be able to run /bin/sh, and neither ForceCommand in sshd_config nor command= in authorized_keys may stand before it.";

const EXPIRED = "Log in to the host as that user and renew the password.";

const LOGIN_FILE =
  "Does a file of the login shell (.bashrc, .cshrc, config.fish) start another shell, or wait for an answer? Let it do that in interactive shells only.";

const SUDO_ADVICE: readonly Advice[] = [
  { when: /the password of root/, say: "Set sudoPassword to the password of root, or take that line out of sudoers." },
  {
    when: /expired/i,
    say: "Log in to the host as that user and renew the password: sudo wants that first.",
  },
  {
    when: /(?:password|interactive authentication) is required|no password was provided/i,
    say: "Set sudoPassword, or give the user NOPASSWD in /etc/sudoers.d.",
  },
  {
    when: /refused the password|started no shell(?![^]*no program may be started)/,
    say: "sudoPassword is wrong for this user, or the user may not use sudo. Where it is not set, password is used.",
  },
  {
    when: /not in the sudoers|not allowed to (?:execute|run)|may not run sudo|sudo: I'm sorry .*I can't do that/i,
    say: "Allow it in /etc/sudoers.d: USER ALL=(root) NOPASSWD: /bin/sh, or connect as root.",
  },
  {
    when: /no program may be started here/,
    say: 'sudoers keeps the shell from starting programs (NOEXEC, Defaults noexec): allow it with "EXEC: /bin/sh" or "Defaults:USER !noexec".',
  },
  { when: /must have a tty/i, say: 'sudo wants a terminal: add "Defaults:USER !requiretty" in /etc/sudoers.d.' },
  {
    when: /\bsudo: (?:command )?not found/i,
    say: "There is no sudo on the host: connect as root, or install sudo. doas and su are not supported.",
  },
  {
    when: /ended at once(?![^]*(?:\bsudo: |no program may be started))/,
    say: "The login shell of the user must be able to run /bin/sh: does one of its files (.zshenv, config.fish) change what exec or sh means?",
  },
  {
    when: /only its standard output/,
    say: "A file of the login shell (.bashrc, .zshenv) sends standard error elsewhere: let it do that in interactive shells only.",
  },
  {
    when: /no shell within \d+ s \(perDialTimeout\)$/m,
    say: "If sudo asks in words of its own (above), let it use ours: Defaults passprompt_override.",
  },
  { when: /no shell within \d+ s \(perDialTimeout\)$/m, say: LOGIN_FILE },
];
