import { testContract } from "./contracts/contract";
import { nfsServer } from "./contracts/nfs-server";
import { FakeNfsServer } from "./fake-nfs-server";

testContract(nfsServer, () => {
  const host = new FakeNfsServer();
  host.directories.add("/contract/a");
  host.names.set("web1", "web1");
  host.unresolvable.add("nohost.invalid");
  return host;
});
