import type { Connection } from "../../model/connection";
import type { Advice } from "../../step";
import { DialError } from "./dial-error";

/** The password for sudo: most users who log in by password have the same one for both. */
export function sudoSecret({ sudo, sudoPassword, password, passwordEnv }: Connection): string | undefined {
  return sudo
    ? (sudoPassword ?? password ?? (passwordEnv === undefined ? undefined : process.env[passwordEnv]))
    : undefined;
}

/** How to become root: `$1` is a prompt that appears in no other output. */
export const SUDO = {
  silently: "exec sudo -n --",
  asking: 'exec sudo -S -p "$1" --',
} as const;

/** The error for a shell that did not start, with advice. */
export function sudoError(connection: Connection, why: string, output: string): DialError {
  const details = output === "" ? [] : output.split("\n").map((line) => line.trim());
  if (!connection.sudo)
    return new DialError(why, details, ["The login shell of the user must be able to run /bin/sh."]);
  return new DialError(
    `${why} (sudo as ${connection.user})`,
    details,
    SUDO_ADVICE.filter(({ when }) => when.test(`${why}\n${output}`)).map(({ say }) => say),
  );
}

const SUDO_ADVICE: readonly Advice[] = [
  {
    when: /password is required|no password was provided/i,
    say: "Set sudoPassword, or give the user NOPASSWD in /etc/sudoers.d.",
  },
  {
    when: /refused the password/,
    say: "sudoPassword is wrong for this user, or the user may not use sudo. Where it is not set, password is used.",
  },
  {
    when: /not in the sudoers|not allowed to (?:execute|run)|may not run sudo/i,
    say: "Allow it in /etc/sudoers.d: USER ALL=(root) NOPASSWD: /bin/sh, or connect as root.",
  },
  { when: /must have a tty/i, say: 'sudo wants a terminal: add "Defaults:USER !requiretty" in /etc/sudoers.d.' },
  { when: /not found/i, say: "There is no sudo on the host: connect as root." },
  {
    when: /no shell within/,
    say: "If sudo asks in words of its own (above), let it use ours: Defaults passprompt_override.",
  },
];
