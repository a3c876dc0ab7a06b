import { networkHost } from "../../fakes/contracts/addresses.ts";
import { type Contract, testContract } from "../../fakes/contracts/contract.ts";
import { director } from "../../fakes/contracts/director.ts";
import { ipvsKernel } from "../../fakes/contracts/ipvs-kernel.ts";
import { kernel } from "../../fakes/contracts/kernel.ts";
import { debianLoader, rhelLoader } from "../../fakes/contracts/loader.ts";
import { router } from "../../fakes/contracts/router.ts";
import { useLab } from "../../support/use-lab.ts";
import { LabContractHost } from "../contract-host.ts";

/** Every fake's contract on real hosts: what the unit suite assumes of a fake is true of a host. */

const lab = useLab({ hosts: ["director1", "rhel1"] });

onHosts(director);
onHosts(debianLoader);
onHosts(rhelLoader);
onHosts(kernel);
onHosts(ipvsKernel);
onHosts(networkHost);
onHosts(router);

function onHosts<Seen>(contract: Contract<Seen>): void {
  testContract(contract, async () => {
    const host = lab.host(contract.host);
    await host.sh(contract.reset, { check: false });
    return new LabContractHost(host);
  });
}
