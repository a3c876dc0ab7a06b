import { FakeRouter } from "../../fakes/fake-router";
import { bring, gateway, planned, want, withoutNetwork } from "./return-route-operator";

describe("a change that concerns our own way in", () => {
  test.each([
    ["any default gateway", gateway(), "10.99.0.21"],
    ["packets from the address that we are connected to", want(), "192.168.2.100"],
    ["a session of which nothing is known", want(), undefined],
  ])("goes alone, with the way back: %s", (_what, goal, entry) => {
    const host = new FakeRouter();
    host.entry = entry;
    const steps = planned(host, goal);
    const change = steps.at(-1);
    if (change === undefined || !("command" in change)) throw new Error("a command was expected");
    const lines = change.undo?.stdin?.trim().split("\n") ?? [];
    expect(lines.length).toBe(change.command.stdin?.trim().split("\n").length);
    expect(steps.filter((step) => "file" in step && step.file.startsWith("/etc/"))).toEqual([]);
    const before = { routes: [...host.routes].sort(), rules: host.rules };
    host.take(steps);
    for (const line of lines) host.ip(line);
    expect({ routes: [...host.routes].sort(), rules: host.rules }).toEqual(before);
  });

  test("is not one that does not", () => {
    expect(planned(new FakeRouter(), want()).filter((step) => "command" in step && step.undo !== undefined)).toEqual(
      [],
    );
  });

  test("the way back from a delete and from a change, too", () => {
    const host = new FakeRouter();
    host.entry = undefined;
    bring(host, want());
    for (const steps of [
      planned(host, undefined, want()),
      planned(host, want({ table: 9, priority: 8 }), undefined, withoutNetwork(want())),
    ]) {
      const [change] = steps;
      if (change === undefined || !("command" in change)) throw new Error("a command was expected");
      const before = [...host.routes, ...host.rules].sort();
      host.take([change]);
      expect([...host.routes, ...host.rules].sort()).not.toEqual(before);
      host.batch(change.undo?.stdin ?? "");
      expect([...host.routes, ...host.rules].sort()).toEqual(before);
    }
  });
});
