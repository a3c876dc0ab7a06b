import { testContract } from "./contracts/contract";
import { systemdHost } from "./contracts/systemd-host";
import { FakeSystemdHost } from "./fake-systemd-host";

testContract(systemdHost, () => {
  const host = new FakeSystemdHost();
  host.units.set("sample.service", { active: "inactive", file: "disabled" });
  host.units.set("sample-static.service", { active: "inactive", file: "static" });
  return host;
});
