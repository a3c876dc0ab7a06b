import type { NetworkManagerName } from "../../provider/model/network/manager-name";
import type { Command } from "../../provider/step";
import { FakeKeepalived } from "./fake-keepalived";
import { FakeNetworkHost } from "./fake-network-host";

/** A host with addresses, a network manager and keepalived. */
export class FakeVrrpHost extends FakeNetworkHost {
  readonly daemon: FakeKeepalived;

  constructor(manager: NetworkManagerName = "ifupdown") {
    super(manager);
    this.daemon = new FakeKeepalived(this.files);
  }

  override answer(command: Command): string | undefined {
    return this.daemon.answer(command) ?? super.answer(command);
  }

  override execute(command: Command): void {
    if (!this.daemon.execute(command)) super.execute(command);
  }
}
