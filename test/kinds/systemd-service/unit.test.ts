import { parseUnit } from "../../../provider/kinds/systemd-service/facts";

/** Output of systemctl on Debian 12 (252) and CentOS 7 (219). */
test.each([
  [
    "a service that runs",
    "Id=nginx.service\nLoadState=loaded\nActiveState=active\nSubState=running\nUnitFileState=enabled\n",
    {
      id: "nginx.service",
      names: ["nginx.service"],
      exists: true,
      activeState: "active",
      subState: "running",
      fileState: "enabled",
    },
  ],
  [
    "an alias, with the unit's own name",
    "Id=nfs-server.service\nNames=nfs-server.service nfs-kernel-server.service\nLoadState=loaded\nActiveState=inactive\nSubState=dead\nUnitFileState=disabled\n",
    {
      id: "nfs-server.service",
      names: ["nfs-server.service", "nfs-kernel-server.service"],
      exists: true,
      activeState: "inactive",
      subState: "dead",
      fileState: "disabled",
    },
  ],
  [
    "no such unit",
    "Id=nosuch.service\nLoadState=not-found\nActiveState=inactive\nSubState=dead\nUnitFileState=\n",
    {
      id: "nosuch.service",
      names: ["nosuch.service"],
      exists: false,
      activeState: "inactive",
      subState: "dead",
      fileState: "",
    },
  ],
  [
    "an init script, for which only is-enabled tells",
    "Id=ipvsadm.service\nLoadState=loaded\nActiveState=active\nSubState=exited\nUnitFileState=generated\nIsEnabled=enabled\n",
    {
      id: "ipvsadm.service",
      names: ["ipvsadm.service"],
      exists: true,
      activeState: "active",
      subState: "exited",
      fileState: "enabled",
    },
  ],
  [
    "the same on CentOS 7",
    "Id=network.service\nLoadState=loaded\nActiveState=active\nSubState=exited\nUnitFileState=bad\nIsEnabled=enabled\n",
    {
      id: "network.service",
      names: ["network.service"],
      exists: true,
      activeState: "active",
      subState: "exited",
      fileState: "enabled",
    },
  ],
  [
    "masked until the next boot",
    "Id=nginx.service\nLoadState=masked\nActiveState=active\nSubState=running\nUnitFileState=masked-runtime\n",
    {
      id: "nginx.service",
      names: ["nginx.service"],
      exists: true,
      activeState: "active",
      subState: "running",
      fileState: "masked-runtime",
    },
  ],
])("%s", (_, output, unit) => {
  expect(parseUnit(output)).toEqual(unit);
});

test("output without a property is an error", () => {
  expect(() => parseUnit("Failed to connect to bus\n")).toThrow(
    'no Id in the output of systemctl show: "Failed to connect to bus',
  );
});
