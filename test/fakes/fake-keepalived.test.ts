import { MAIN_FILE } from "../../provider/facts/keepalived/paths";
import type { Command } from "../../provider/step";
import { testContract } from "./contracts/contract";
import { keepalived, MAIN } from "./contracts/keepalived";
import { FakeHost } from "./fake-host";
import { FakeKeepalived } from "./fake-keepalived";

class Host extends FakeHost {
  readonly keepalived = new FakeKeepalived(this.files);

  answer(command: Command): string | undefined {
    return this.keepalived.answer(command);
  }

  execute(command: Command): void {
    if ("run" in command && command.run.includes("disable")) this.keepalived.enabled = "disabled";
    else if (!this.keepalived.execute(command)) throw new Error(`unknown: ${JSON.stringify(command)}`);
  }
}

testContract(keepalived, () => {
  const host = new Host();
  host.files.set(MAIN_FILE, MAIN);
  host.keepalived.refusal = (all) => {
    const names = [...all].flatMap(([name, text]) => (text.includes("virtual_router_id 51\n") ? [name] : []));
    return names.length > 1 ? `${names.join(" and ")} both use VRID 51 with IPv4 on interface eth0` : undefined;
  };
  return host;
});
