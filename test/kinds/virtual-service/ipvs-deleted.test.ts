import { realServer } from "../../../provider/kinds/real-server/kind";
import { virtualService } from "../../../provider/kinds/virtual-service/kind";
import type { WantedRealServer } from "../../../provider/model/ipvs/real-server";
import type { WantedVirtualService } from "../../../provider/model/ipvs/virtual-service";
import { FakeDirector } from "../../fakes/fake-director";
import { wanted } from "../ipvs-operator";

/** Rules that somebody deletes with ipvsadm, where the rules file would bring them back at the next boot. */
const SERVICE = "192.0.2.10:80";
const service = (fields: object = {}) =>
  wanted<WantedVirtualService>(virtualService, { protocol: "tcp", address: SERVICE, ...fields });
const server = (fields: object = {}) =>
  wanted<WantedRealServer>(realServer, { service: `tcp ${SERVICE}`, address: "10.0.0.11", ...fields });

const layouts: ("debian" | "rhel")[] = ["debian", "rhel"];

describe.each(layouts)("a service on %s", (layout) => {
  const web = service({ exclusive: false, realServers: { "10.0.0.11": { weight: 2 } } });

  test("is not gone: it is found as the file has it, and not live", () => {
    const host = new FakeDirector(layout);
    host.pass(virtualService, web);
    host.ipvsadm(`-D -t ${SERVICE}`);
    const { exclusive: _, ...record } = web;
    expect(host.observe(virtualService, web)).toEqual({ ...record, live: false });
    expect(host.pass(virtualService, web).filter((step) => step.startsWith("ipvsadm"))).toEqual([
      `ipvsadm -A -t ${SERVICE} -s wlc`,
      `ipvsadm -a -t ${SERVICE} -r 10.0.0.11:80 -g -w 2`,
    ]);
    expect(host.observe(virtualService, web)).toEqual(record);
  });

  test("that goes after such a look leaves nothing for the next boot", () => {
    const host = new FakeDirector(layout);
    const before = host.state();
    host.pass(virtualService, web);
    host.ipvsadm(`-D -t ${SERVICE}`);
    const have = host.observe(virtualService, web);
    // The state after a refresh: the settings, and what was observed.
    expect(host.pass(virtualService, undefined, { ...web, ...have })).not.toContain(`ipvsadm -D -t ${SERVICE}`);
    expect(host.state()).toEqual(before);
  });

  test("that is removed removes the line of a server that was deleted earlier", () => {
    const host = new FakeDirector(layout);
    const before = host.state();
    const two = {
      ...web,
      realServers: { ...web.realServers, ...service({ realServers: { "10.0.0.12": {} } }).realServers },
    };
    host.pass(virtualService, two);
    host.ipvsadm(`-d -t ${SERVICE} -r 10.0.0.12:80`);
    const have = host.observe(virtualService, two);
    host.pass(virtualService, undefined, { ...two, ...have });
    expect(host.state()).toEqual(before);
  });

  test("is not drained", () => {
    const host = new FakeDirector(layout);
    const gently = { ...web, drain: { timeout: 60, pollInterval: 1 } };
    host.pass(virtualService, gently);
    host.ipvsadm(`-D -t ${SERVICE}`);
    const have = host.observe(virtualService, gently);
    expect(have && virtualService.drain?.(undefined, have, gently)).toBeUndefined();
  });

  test("that is not kept at boot is gone", () => {
    const host = new FakeDirector(layout);
    const fleeting = { ...web, boot: false };
    host.pass(virtualService, fleeting);
    host.ipvsadm(`-D -t ${SERVICE}`);
    expect(host.observe(virtualService, fleeting)).toBeUndefined();
  });
});

describe.each(layouts)("a server on %s", (layout) => {
  const web1 = server({ weight: 2, drain: { timeout: 60 } });

  test("is not gone: it is found as the file has it, and not live", () => {
    const host = new FakeDirector(layout);
    host.pass(virtualService, service());
    host.pass(realServer, web1);
    host.ipvsadm(`-d -t ${SERVICE} -r 10.0.0.11:80`);
    const { drain: _, ...record } = web1;
    expect(host.observe(realServer, web1)).toEqual({ ...record, live: false });
    expect(host.pass(realServer, web1).filter((step) => step.startsWith("ipvsadm"))).toEqual([
      `ipvsadm -a -t ${SERVICE} -r 10.0.0.11:80 -g -w 2`,
    ]);
    expect(host.observe(realServer, web1)).toEqual(record);
  });

  test("that goes after such a look leaves nothing for the next boot, and is not drained", () => {
    const host = new FakeDirector(layout);
    host.pass(virtualService, service());
    const before = host.state();
    host.pass(realServer, web1);
    host.ipvsadm(`-d -t ${SERVICE} -r 10.0.0.11:80`);
    const have = host.observe(realServer, web1);
    expect(have && realServer.drain?.(undefined, have, web1)).toBeUndefined();
    host.pass(realServer, undefined, { ...web1, ...have });
    expect(host.state()).toEqual(before);
  });
});
