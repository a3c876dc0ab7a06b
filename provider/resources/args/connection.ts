import type * as pulumi from "@pulumi/pulumi";

/** One hop by SSH. The names are those of pulumi-command, where it has one. */
export interface ReachArgs {
  /** Address or DNS name; with `sshConfig`, the name that is looked up there. @default with `sshConfig`: `name`, or the name in `lvs:hosts` */
  host?: pulumi.Input<string>;
  /** TCP port of sshd, 1 to 65535. @default 22 */
  port?: pulumi.Input<number>;
  /** Login name. @default "root" */
  user?: pulumi.Input<string>;
  /** Password for the login; also answers keyboard-interactive. Stored encrypted. */
  password?: pulumi.Input<string>;
  /** Name of an environment variable that holds the password: read at run time, never stored. */
  passwordEnv?: pulumi.Input<string>;
  /** Private key, its text. Stored encrypted. */
  privateKey?: pulumi.Input<string>;
  /**
   * Path of a private key: read at run time, never stored. `~` is the home directory. The path of a public key (`.pub`) chooses that
   * key of the agent.
   */
  privateKeyPath?: pulumi.Input<string>;
  /** Name of an environment variable that holds the private key's text: read at run time, never stored. */
  privateKeyEnv?: pulumi.Input<string>;
  /** Passphrase of the private key. Stored encrypted. */
  privateKeyPassword?: pulumi.Input<string>;
  /** Socket of an SSH agent. @default the environment's SSH_AUTH_SOCK */
  agentSocketPath?: pulumi.Input<string>;
  /** The host's public key, as in `ssh_host_ed25519_key.pub` or as `ssh-keyscan` prints it. Any other key is refused. */
  hostKey?: pulumi.Input<string>;
  /** A known_hosts file to look the host's key up in, when `hostKey` is not given. @default "~/.ssh/known_hosts" */
  knownHostsPath?: pulumi.Input<string>;
  /** What to do with a key that is in no known_hosts file: refuse it, or note it there. A changed key is always refused. @default "strict" */
  hostKeyCheck?: pulumi.Input<"strict" | "accept-new">;
  /** Number of attempts to connect, at least 1. A refused login is never repeated. @default as many as end within a minute */
  dialErrorLimit?: pulumi.Input<number>;
  /** Seconds for one attempt to connect, 1 to 600. @default 15 */
  perDialTimeout?: pulumi.Input<number>;
  /**
   * Reads `~/.ssh/config` and `/etc/ssh/ssh_config` at run time, as `ssh` does, or the file at a path alone. Fields that are given here
   * come before it. @default false
   */
  sshConfig?: pulumi.Input<boolean | string>;
  /** A host to go through: the name of one in `lvs:hosts`, or how to reach it. It may have a proxy of its own. */
  proxy?: pulumi.Input<string | ReachArgs>;
}

/** A host: how to reach it, and how to become root there. */
export interface ConnectionArgs extends ReachArgs {
  /** How messages name the host, and what it is known by: with a name, a new address is still the same host. */
  name?: pulumi.Input<string>;
  /** Become root by sudo: without a password where sudoers allow it, else with `sudoPassword` or `password`. @default false */
  sudo?: pulumi.Input<boolean>;
  /** Password for sudo. Stored encrypted, and sent only when sudo asks for it. @default `password` */
  sudoPassword?: pulumi.Input<string>;
  /** Seconds that one command on the host may take, 1 to 3600. A command that takes longer fails the resource. @default 60 */
  deadline?: pulumi.Input<number>;
}

/**
 * The host that a resource lives on: a name from `lvs:hosts` of the stack's configuration, or a connection.
 *
 * With a name, no key or address is in any resource's state. With a connection, all of it is stored encrypted.
 * A change of the name replaces the resource; a change of key, address or port changes no rule.
 */
export type Host = string | ConnectionArgs;
