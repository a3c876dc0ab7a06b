import { networkHost } from "./contracts/addresses";
import { testContract } from "./contracts/contract";
import { FakeNetworkHost } from "./fake-network-host";

testContract(networkHost, () => {
  const host = new FakeNetworkHost("none");
  for (const device of ["dummy7", "dummy8"]) host.devices.add(device);
  host.promotes.add("dummy8");
  return host;
});
