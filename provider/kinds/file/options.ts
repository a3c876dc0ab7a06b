/** The most that a file of ours may have, in bytes: the state has its content, too. */
export const MOST = 1_048_576;

/** What stands for the path of the new file in a command that validates it. */
export const CANDIDATE = "{}";

/** Why a file is not for this kind; undefined where it is. */
export function foreignPath(path: string): string | undefined {
  return FOREIGN.find(([pattern]) => pattern.test(path))?.[1];
}

/** Whether a mistake in a file ends sudo, so that it has to be validated before it counts. */
export function isOfSudo(path: string): boolean {
  return /^\/etc\/sudoers(?:$|\.d\/)/.test(path);
}

/** Whether systemd reads a file once, as a unit or a part of one, and again only when it is told to. */
export function isOfSystemd(path: string): boolean {
  return /^\/(?:etc|usr\/lib)\/systemd\/system\//.test(path);
}

/** Whether a file decides who can log in to its host, and over which network. */
export function mayCutOff(path: string): boolean {
  return isOfSudo(path) || WAYS_IN.some((pattern) => pattern.test(path));
}

const RULES = "has the rules of the whole host: declare a VirtualService, which keeps its own among them";

const FOREIGN: readonly (readonly [RegExp, string])[] = [
  [/^\/$/, "must be the path of a file"],
  [/\/[^/]*pulumi-lvs/, "has the name of a file that this package keeps by itself"],
  [/^\/etc\/exports(?:$|\.d\/)/, "is a file of exports: declare an NfsExport, which keeps a file of its own"],
  [/^\/etc\/fstab$/, "has the file systems of the whole host: declare an NfsMount, which keeps a line of its own"],
  [/^\/etc\/(?:ipvsadm\.rules|default\/ipvsadm|sysconfig\/ipvsadm(?:-config)?)$/, RULES],
  [
    /^\/etc\/(?:passwd|shadow|group|gshadow|subuid|subgid)-?$/,
    "is kept line by line, by useradd and others: a whole file would take away users that are made later",
  ],
  [/^\/(?:proc|sys|dev)\//, "is no file on a disk"],
  [/^\/(?:run|var\/run|tmp)\//, "would be gone after a boot: that folder is emptied"],
];

const WAYS_IN: readonly RegExp[] = [
  /^\/etc\/ssh\//,
  /\/\.ssh\//,
  /^\/etc\/(?:pam\.d|security)\//,
  /^\/etc\/(?:hosts\.(?:allow|deny)|nftables\.conf|nsswitch\.conf)$/,
  /^\/etc\/(?:nftables|iptables|firewalld|ufw|netplan|NetworkManager|systemd\/network|sysconfig\/network-scripts)\//,
  /^\/etc\/network\/interfaces(?:$|\.d\/)/,
];
