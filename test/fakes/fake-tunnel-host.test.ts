import { testContract } from "./contracts/contract";
import { tunnelHost } from "./contracts/tunnel-host";
import { FakeTunnelHost } from "./fake-tunnel-host";

testContract(tunnelHost, () => new FakeTunnelHost());
