import { testContract } from "./contracts/contract";
import { router } from "./contracts/router";
import { FakeRouter } from "./fake-router";

testContract(router, () => {
  const host = new FakeRouter();
  for (const device of ["dummy7", "dummy8"]) host.plug(device);
  host.addresses.push(
    "7: dummy7    inet 10.7.0.100/24 scope global dummy7",
    "8: dummy8    inet 10.8.0.100/24 scope global dummy8",
  );
  return host;
});
