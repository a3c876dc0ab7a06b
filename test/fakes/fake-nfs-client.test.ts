import { testContract } from "./contracts/contract";
import { nfsClient } from "./contracts/nfs-client";
import { FakeNfsClient } from "./fake-nfs-client";

testContract(nfsClient, () => {
  const host = new FakeNfsClient();
  host.directories.add("/srv/contract");
  return host;
});
