import { connect } from "../../../provider/host/ssh/connect";
import { Unanswered } from "../../support/unanswered";
import { startServer } from "../ssh-server";

test.each(["directly", "through a proxy"])(
  "a host that takes no connection is given up after perDialTimeout, %s",
  async (way) => {
    const [server, host] = await Promise.all([startServer(), Unanswered.open()]);
    try {
      const { hostKey, privateKey, port, user } = server.connection({});
      const hop = { host: "127.0.0.1", port, user, privateKey, hostKey } as const;
      const there = {
        port: host.port,
        perDialTimeout: 1,
        dialErrorLimit: 2,
        ...(way !== "directly" && { proxy: hop }),
      };
      const start = performance.now();
      const error = await connect(server.connection(there)).then(
        () => "",
        (reason: unknown) => String(reason),
      );
      expect(error).toContain("no answer within 1 s");
      expect(error).toContain("(2 attempts)");
      expect(performance.now() - start).toBeLessThan(10_000);
    } finally {
      host.close();
      await server.close();
    }
  },
  60_000,
);
