import { vipAlias } from "../../../provider/kinds/vip-alias/kind";
import { FakeNetworkHost } from "../../fakes/fake-network-host";
import { bring, director as live, want } from "./vip-operator";

const director = { ...live, boot: true };
const SCRIPTS = "/etc/sysconfig/network-scripts";
const OWN = `${SCRIPTS}/ifcfg-eth0:0`;

function hostWith(files: Readonly<Record<string, string>>): FakeNetworkHost {
  const host = new FakeNetworkHost("ifcfg");
  for (const [name, text] of Object.entries(files)) host.files.set(`${SCRIPTS}/${name}`, text);
  return host;
}

const parent = "DEVICE=eth0\nONBOOT=yes\nIPADDR=192.168.4.2\nPREFIX=24\n";
const same = [
  { "ifcfg-eth0": `${parent}IPADDR1=192.168.4.5\nPREFIX1=32\n` },
  {
    "ifcfg-eth0-range0": "IPADDR_START=192.168.4.5\nIPADDR_END='192.168.4.9'\nCLONENUM_START=0\nPREFIX=32\n",
  },
  { "ifcfg-web": "DEVICE='eth0:0' # the VIP\nONBOOT=yes\nIPADDR=\"192.168.4.5\"\nNETMASK=255.255.255.255\n" },
];

test.each(same)("files that mean the same are the boot configuration, and stay: %j", (files) => {
  const host = hostWith(files);
  const before = [...host.files];
  bring(host, want(director));
  expect(vipAlias.observe(host.seen(), want(director))).toMatchObject({ boot: true, live: true });
  bring(host, undefined, want(director));
  expect([...host.files]).toEqual(before);
});

const refused = [
  {
    label: "eth0:web",
    files: { "ifcfg-eth0": `${parent}IPADDR1=192.168.4.5\nPREFIX1=32\n` },
    says: `${SCRIPTS}/ifcfg-eth0, line 5, brings 192.168.4.5 up at boot without a label`,
  },
  {
    files: { "ifcfg-eth0": `${parent}IPADDR1=192.168.4.5\nNETMASK1=255.255.255.0\n` },
    says: `${SCRIPTS}/ifcfg-eth0, line 5, brings 192.168.4.5/24 up at boot, and 192.168.4.5/32 is wanted`,
  },
  {
    files: { "ifcfg-eth1": "DEVICE=eth1\nONBOOT=yes\nIPADDR0=192.168.4.5\nPREFIX0=32\n" },
    says: `${SCRIPTS}/ifcfg-eth1, line 3, brings 192.168.4.5 up on eth1 at boot`,
  },
  {
    files: { "ifcfg-eth1:3": "IPADDR=192.168.4.5\nNETMASK=255.255.255.255\n" },
    says: `${SCRIPTS}/ifcfg-eth1:3, line 1, brings 192.168.4.5 up on eth1 at boot`,
  },
  {
    files: { "ifcfg-eth0-range7": "IPADDR_START=192.168.4.1\nIPADDR_END=192.168.4.9\nCLONENUM_START=3\n" },
    says: `${SCRIPTS}/ifcfg-eth0-range7, line 1, brings 192.168.4.5/24 up`,
  },
  {
    files: { "ifcfg-eth0": `${parent}IPADDR1=$VIP\n` },
    says: `${SCRIPTS}/ifcfg-eth0, line 5, may bring 192.168.4.5 up at boot, which cannot be judged: the value of IPADDR1 depends on another`,
  },
  {
    files: { "ifcfg-eth0": `${parent}\n. /etc/sysconfig/vip\n` },
    says: `${SCRIPTS}/ifcfg-eth0, line 6, may bring 192.168.4.5 up at boot, which cannot be judged: it is a shell script: "." is a command`,
  },
];

test.each(refused)("$says", ({ files, says, label = "eth0:0" }) => {
  const host = hostWith(files);
  const before = [...host.files];
  expect(() => bring(host, want({ ...director, label }))).toThrow(says);
  expect([...host.files]).toEqual(before);
});

const harmless = [
  { "ifcfg-eth1": "ONBOOT=no\nIPADDR=192.168.4.5\nPREFIX=32\n" },
  { "ifcfg-eth1": "BOOTPROTO=dhcp\nIPADDR=192.168.4.5\n" },
  { "ifcfg-eth1:0": "IPADDR=192.168.4.5\nONPARENT=no\n" },
  { "ifcfg-eth1": "IPADDR=192.168.4.50\nGATEWAY=192.168.4.5\n" },
  { "ifcfg-eth0": `${parent}IPADDR3=192.168.4.5\n` },
  {
    "ifcfg-eth0.bak": "DEVICE=eth0\nIPADDR=192.168.4.5\n",
    "ifcfg-eth0-range0~": "IPADDR_START=192.168.4.5\nIPADDR_END=192.168.4.5\n",
  },
];

test.each(harmless)("does not come up at boot, or is another address, so ours is written: %j", (files) => {
  const host = hostWith(files);
  bring(host, want(director));
  expect(host.files.has(OWN)).toBe(true);
});
