import { type Contract, testContract } from "../../fakes/contracts/contract.ts";
import { fileHost } from "../../fakes/contracts/file-host.ts";
import { keepalived } from "../../fakes/contracts/keepalived.ts";
import { nfsClient } from "../../fakes/contracts/nfs-client.ts";
import { nfsServer } from "../../fakes/contracts/nfs-server.ts";
import { systemdHost } from "../../fakes/contracts/systemd-host.ts";
import { tunnelHost } from "../../fakes/contracts/tunnel-host.ts";
import { useLab } from "../../support/use-lab.ts";
import { LabContractHost } from "../contract-host.ts";

/** The contracts of fakes about files, units and NFS on real hosts: what the unit suite assumes of a fake is true of a host. */

const lab = useLab({ hosts: ["nfs", "web1"] });

lab.giveBack(() =>
  lab.host("web1").sh(
    `${tunnelHost.reset}
${keepalived.reset}; rm -r /etc/keepalived/keepalived.conf /etc/keepalived/pulumi-lvs.d
${nfsClient.reset}; rmdir /srv/contract
${systemdHost.reset}; rm -r /etc/contract; systemctl stop 'sample*'; rm /usr/lib/systemd/system/sample*.service; systemctl daemon-reload`,
    { check: false },
  ),
);
lab.giveBack(() => lab.host("nfs").sh(`${nfsServer.reset}; rm -r /contract`, { check: false }));

onHosts(systemdHost);
onHosts(fileHost);
onHosts(tunnelHost);
onHosts(keepalived);
onHosts(nfsServer);

describe("with a server that exports two directories", () => {
  beforeAll(async () => {
    const exports = ["a", "b"].map((name) => `'*:/contract/${name}'`).join(" ");
    await lab.host("nfs").sh(`systemctl start nfs-server; mkdir -p /contract/a /contract/b
exportfs -i -o rw,no_subtree_check ${exports}`);
  });

  onHosts(nfsClient);
});

function onHosts<Seen>(contract: Contract<Seen>): void {
  testContract(contract, async () => {
    const host = lab.host(contract.host);
    await host.sh(contract.reset, { check: false });
    return new LabContractHost(host);
  });
}
