import { testContract } from "./contracts/contract";
import { debianLoader, rhelLoader } from "./contracts/loader";
import { FakeDirector } from "./fake-director";

// A director has the loader as its own.
testContract(debianLoader, () => new FakeDirector("debian"));
testContract(rhelLoader, () => new FakeDirector("rhel"));
