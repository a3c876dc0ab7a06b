import { bootSettings } from "../../../provider/facts/sysctl/boot-settings";
import { readOn, type Tree } from "../../support/tree";

/** The command of the fact runs here, on a tree of files. */
const seenOn = (tree: Tree): string[] =>
  readOn(tree, bootSettings).map(({ path, number, setting, value }) => `${path}:${number} ${setting}=${value}`);

const rc = (text: string): Tree => ({ "/etc/rc.local": `#!/bin/sh\n${text}\n` });
const FORWARD = "net/ipv4/ip_forward";
const IGNORE = "net/ipv4/conf/all/arp_ignore";

describe("in the words of", () => {
  test.each<[string, string, readonly string[]]>([
    ["sysctl", "sysctl -w net.ipv4.ip_forward=0", [`${FORWARD}=0`]],
    ["sysctl with its path, quietly", "/sbin/sysctl -qw net/ipv4/ip_forward=0 >/dev/null 2>&1", [`${FORWARD}=0`]],
    ["sysctl with blanks", 'sysctl -w "net.ipv4.ip_forward = 0"', [`${FORWARD}=0`]],
    ["sysctl without -w", "sysctl net.ipv4.ip_forward='0' || true", [`${FORWARD}=0`]],
    ["sysctl by a variable", '"$SYSCTL" -w net.ipv4.ip_forward=0', [`${FORWARD}=0`]],
    [
      "sysctl with several",
      "sysctl -w net.ipv4.ip_forward=0 net.ipv4.conf.all.arp_ignore=0",
      [`${FORWARD}=0`, `${IGNORE}=0`],
    ],
    ["a dot in a device's name", "sysctl -w net.ipv4.conf.eth0/5.arp_ignore=2", ["net/ipv4/conf/eth0.5/arp_ignore=2"]],
    ["echo", "echo 0 > /proc/sys/net/ipv4/ip_forward", [`${FORWARD}=0`]],
    ["echo in quotes, behind a test", '[ -e /x ] && echo "0" >/proc/sys/net/ipv4/ip_forward', [`${FORWARD}=0`]],
    ["echo -n, with errors elsewhere", "echo -n 0 2>/dev/null >/proc/sys/net/ipv4/ip_forward", [`${FORWARD}=0`]],
    ["printf and tee", "printf '%s\\n' 0 | sudo tee /proc/sys/net/ipv4/ip_forward >/dev/null", [`${FORWARD}=0`]],
    ["python", 'subprocess.run(["sysctl", "-w", "net.ipv4.ip_forward=0"])', [`${FORWARD}=0`]],
    [
      "a loop over names",
      'for i in all lo; do echo 0 > "/proc/sys/net/ipv4/conf/${i}/arp_ignore"; done',
      [`${IGNORE}=0`, "net/ipv4/conf/lo/arp_ignore=0"],
    ],
    [
      "a loop over files, on several lines",
      "for f in /proc/sys/net/ipv4/conf/*/arp_ignore\ndo\n  echo 0 > $f\ndone",
      ["net/ipv4/conf/*/arp_ignore=0"],
    ],
    [
      "a loop over what a command says",
      "for i in $(ls /proc/sys/net/ipv4/conf); do sysctl -w net.ipv4.conf.$i.arp_ignore=0; done",
      ["net/ipv4/conf/*/arp_ignore=0"],
    ],
    [
      "a variable of the network",
      'echo 0 > "/proc/sys/net/ipv4/conf/$IFACE/arp_ignore"',
      ["net/ipv4/conf/*/arp_ignore=0"],
    ],
    ["a line that goes on", "sysctl -w \\\n  net.ipv4.ip_forward=0", [`${FORWARD}=0`]],
  ])("%s", (_, text, settings) => {
    expect(seenOn(rc(text))).toEqual(settings.map((setting) => `/etc/rc.local:2 ${setting}`));
  });

  test.each([
    "# sysctl -w net.ipv4.ip_forward=0",
    "cat /proc/sys/net/ipv4/ip_forward; echo 0",
    "echo $FORWARD > /proc/sys/net/ipv4/ip_forward",
    "echo 0 > /proc/sys/vm/swappiness",
    "x=$(sysctl -n net.ipv4.ip_forward)",
    "OPTIONS=net.ipv4.ip_forward=0",
  ])("nobody: %s", (text) => {
    expect(seenOn(rc(text))).toEqual([]);
  });
});

describe("in the file of", () => {
  const unit = "/etc/systemd/system/own.service";
  const wanted = { "/etc/systemd/system/multi-user.target.wants/own.service": `-> ${unit}` };
  const ufw = {
    "/etc/ufw/ufw.conf": "# /etc/ufw/ufw.conf\nENABLED=yes\nLOGLEVEL=low\n",
    "/etc/default/ufw": 'IPV6=yes\nIPT_SYSCTL="ROOT/etc/ufw/sysctl.conf"\n',
    "/etc/ufw/sysctl.conf": "# a firewall's\n#net/ipv4/ip_forward=1\nnet/ipv4/conf/all/arp_ignore=0\n",
  };
  test.each<[string, Tree, readonly string[]]>([
    [
      "an interface that comes up, and not one that goes down",
      {
        "/etc/network/interfaces.d/eth0":
          "iface eth0 inet dhcp\n  post-up sysctl -w net.ipv4.ip_forward=0\n  pre-down sysctl -w net.ipv4.ip_forward=1\n",
      },
      [`/etc/network/interfaces.d/eth0:2 ${FORWARD}=0`],
    ],
    [
      "a unit that is enabled, when it starts",
      {
        [unit]:
          "[Service]\nExecStart=/bin/sh -c 'echo 0 >/proc/sys/net/ipv4/ip_forward'\nExecStop=/sbin/sysctl -w net.ipv4.ip_forward=1\n",
        ...wanted,
      },
      [`${unit}:2 ${FORWARD}=0`],
    ],
    ["a unit that is not", { [unit]: "[Service]\nExecStart=/sbin/sysctl -w net.ipv4.ip_forward=0\n" }, []],
    [
      "a script of such a unit",
      {
        [unit]: "[Service]\nExecStart=ROOT/usr/local/sbin/lvs start\n",
        ...wanted,
        "/usr/local/sbin/lvs": "#!/bin/bash\necho 0 > /proc/sys/net/ipv4/conf/all/arp_ignore\n",
      },
      [`/usr/local/sbin/lvs:2 ${IGNORE}=0`],
    ],
    [
      "settings that a command loads",
      {
        "/etc/rc.local": "#!/bin/sh\nsysctl -e -q -p ROOT/etc/lvs.settings\n",
        "/etc/lvs.settings": "; x\nnet.ipv4.ip_forward = 0\nkernel.panic = 1\n",
      },
      [`/etc/lvs.settings:2 ${FORWARD}=0`],
    ],
    ["ufw", ufw, [`/etc/ufw/sysctl.conf:3 ${IGNORE}=0`]],
    ["ufw that is switched off", { ...ufw, "/etc/ufw/ufw.conf": "ENABLED=no\n" }, []],
    ["ufw without the file", { ...ufw, "/etc/default/ufw": "IPT_SYSCTL=\n" }, []],
  ])("%s", (_, tree, settings) => {
    expect(seenOn(tree)).toEqual(settings);
  });
});
