import { parseSshPath } from "../../../provider/facts/network/ssh-path";

test.each([
  [
    "NetworkManager has the device",
    "address 192.0.2.1\ndevice eth0\nNetworkManager connected\n",
    { address: "192.0.2.1", device: "eth0", managedBy: ["NetworkManager"] },
  ],
  [
    "NetworkManager has been told to leave it alone",
    "address 192.0.2.1\ndevice eth0\nNetworkManager unmanaged\nnetwork has a file\n",
    { address: "192.0.2.1", device: "eth0", managedBy: ["network"] },
  ],
  [
    "networkd knows it and does not manage it",
    "address 2001:db8::1\ndevice eth0\nsystemd-networkd unmanaged\nnetworking has it up\n",
    { address: "2001:db8::1", device: "eth0", managedBy: ["networking"] },
  ],
  ["the session is on no address that the host has", "address 127.0.0.1\n", { address: "127.0.0.1", managedBy: [] }],
  ["there is no session", "", { managedBy: [] }],
])("%s", (_, output, path) => {
  expect(parseSshPath(output)).toEqual(path);
});
