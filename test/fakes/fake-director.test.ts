import { testContract } from "./contracts/contract";
import { director } from "./contracts/director";
import { FakeDirector } from "./fake-director";

testContract(director, () => new FakeDirector("debian"));
