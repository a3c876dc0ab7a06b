import type { Entry } from "./tar.ts";

/**
 * What a guest does without, beside what its disk's recipe leaves out: here, where a change takes no disk that is built anew. A boot of
 * Debian 13 takes a tenth less processor time (1.55 s, 1.41 s), and a login to Debian 12 a fifth (75 ms, 60 ms).
 */
export const spared: readonly Entry[] = [
  // What they see to is there.
  ...["systemd-tmpfiles-setup-dev-early.service", "systemd-battery-check.service", "run-lock.mount"].map(
    (unit): Entry => ({ path: `etc/systemd/system/${unit}`, link: "/dev/null" }),
  ),
  // The kernel's messages are for dmesg.
  { path: "etc/systemd/journald.conf.d/lab.conf", text: "[Journal]\nReadKMsg=no\nAudit=no\n" },
  // -r: sshd does not start itself once more for each connection. Since OpenSSH 9.8 it starts another program, and takes no notice.
  {
    path: "etc/systemd/system/ssh.service.d/lab.conf",
    text: "[Service]\nExecStart=\nExecStart=/usr/sbin/sshd -D -r -E /var/log/sshd.log\n",
  },
];
