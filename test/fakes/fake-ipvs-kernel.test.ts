import { testContract } from "./contracts/contract";
import { ipvsKernel } from "./contracts/ipvs-kernel";
import { FakeIpvsKernel } from "./fake-ipvs-kernel";

testContract(ipvsKernel, () => new FakeIpvsKernel());
