import { testContract } from "./contracts/contract";
import { kernel } from "./contracts/kernel";
import { FakeKernel } from "./fake-kernel";

testContract(kernel, () => new FakeKernel());
