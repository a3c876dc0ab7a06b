import { testContract } from "./contracts/contract";
import { fileHost, OLD, PATH, UNIT } from "./contracts/file-host";
import { FakeFileHost } from "./fake-file-host";

testContract(fileHost, () => {
  const host = new FakeFileHost();
  host.directories.add("/etc/contract");
  host.put(PATH, OLD, { mode: "0640", owner: "www-data", group: "adm" });
  host.start(UNIT, PATH);
  return host;
});
