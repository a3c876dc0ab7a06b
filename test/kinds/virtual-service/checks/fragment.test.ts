import fc from "fast-check";
import {
  type CheckedService,
  fragmentName,
  renderFragment,
} from "../../../../provider/kinds/virtual-service/checks/fragment";
import { parseFragment } from "../../../../provider/kinds/virtual-service/checks/parse-fragment";
import { virtualService } from "../../../../provider/kinds/virtual-service/kind";
import { checkFor } from "../../../../provider/model/ipvs/health-check";
import { serviceKey } from "../../../../provider/model/ipvs/service-key";
import type { WantedVirtualService } from "../../../../provider/model/ipvs/virtual-service";
import { wanted } from "../../ipvs-operator";
import { checkedTable } from "./arbitrary";

const web = {
  protocol: "tcp",
  address: "192.168.4.5:80",
  realServers: { "192.168.4.100": {}, "192.168.4.200": { weight: 2 } },
  healthCheck: { http: { path: "/health" } },
};
const checked = (fields: object) =>
  wanted<WantedVirtualService>(virtualService, { ...web, ...fields }) as WantedVirtualService & CheckedService;

test("each server has its check whole", () => {
  expect(renderFragment(checked({}))).toBe(`# VirtualService tcp 192.168.4.5:80. Written by pulumi-lvs, as a whole.
virtual_server 192.168.4.5 80 {
    protocol TCP
    lvs_sched wlc
    real_server 192.168.4.100 80 {
        weight 1
        lvs_method DR
        inhibit_on_failure
        HTTP_GET {
            url {
                path /health
            }
            connect_timeout 2
            delay_loop 2
            retry 1
            delay_before_retry 1
            warmup 0
        }
    }
    real_server 192.168.4.200 80 {
        weight 2
        lvs_method DR
        inhibit_on_failure
        HTTP_GET {
            url {
                path /health
            }
            connect_timeout 2
            delay_loop 2
            retry 1
            delay_before_retry 1
            warmup 0
        }
    }
}
`);
});

test("everything at once", () => {
  const service = checked({
    protocol: "fwmark",
    address: undefined,
    fwmark: 8,
    family: "ipv6",
    scheduler: "sh",
    schedulerFlags: ["flag-2", "sh-fallback"],
    persistenceTimeout: 360,
    netmask: "64",
    persistenceEngine: "sip",
    onePacket: true,
    realServers: {
      "2001:db8::11": {
        forwarding: "tunnel",
        tunnel: { type: "gue", port: 6080 },
        upperThreshold: 9,
        lowerThreshold: 3,
      },
      "2001:db8::12": { healthCheck: { command: "/usr/local/sbin/check", port: 8080, retries: 0 } },
    },
    healthCheck: {
      https: { path: "/a?b=c", host: "www.example.com", status: [301, 200] },
      port: 443,
      interval: 0.5,
      onFailure: "remove",
      sorry: "::1",
    },
  });
  expect(renderFragment(service)).toBe(`# VirtualService fwmark 8 ipv6. Written by pulumi-lvs, as a whole.
virtual_server fwmark 8 {
    ip_family inet6
    lvs_sched sh
    sh-fallback
    sh-port
    persistence_timeout 360
    persistence_granularity 64
    persistence_engine sip
    ops
    sorry_server ::1 0
    sorry_server_lvs_method DR
    real_server 2001:db8::11 0 {
        weight 1
        lvs_method TUN type gue port 6080 nocsum
        uthreshold 9
        lthreshold 3
        SSL_GET {
            enable_sni
            url {
                path /a?b=c
                virtualhost www.example.com
                status_code 200 301
            }
            connect_port 443
            connect_timeout 2
            delay_loop 0.5
            retry 1
            delay_before_retry 1
            warmup 0
        }
    }
    real_server 2001:db8::12 0 {
        weight 1
        lvs_method DR
        MISC_CHECK {
            misc_path "/usr/local/sbin/check 2001:db8::12 8080"
            misc_timeout 2
            user root
            delay_loop 0.5
            retry 0
            delay_before_retry 1
            warmup 0
        }
    }
}
`);
});

test.each([
  [{}, "tcp-192.168.4.5-80"],
  [{ address: "[2001:db8::5]:80", realServers: { "2001:db8::1": {} } }, "tcp-2001:db8::5-80"],
  [{ protocol: "fwmark", address: undefined, fwmark: 7, healthCheck: { ping: {} } }, "fwmark-7"],
  [
    {
      protocol: "fwmark",
      address: undefined,
      fwmark: 7,
      family: "ipv6",
      healthCheck: { ping: {} },
      realServers: { "2001:db8::1": {} },
    },
    "fwmark-7-ipv6",
  ],
])("the file of %j is %s", (fields, name) => {
  expect(fragmentName(checked(fields))).toBe(name);
});

test("what is written is read as it was meant", () => {
  fc.assert(
    fc.property(checkedTable, (services) => {
      for (const written of services) {
        const service = wanted<WantedVirtualService>(virtualService, written) as CheckedService;
        const { realServers, healthCheck, ...rest } = service;
        const {
          boot: _,
          live: __,
          exclusive: ___,
          allowUnknownScheduler: ____,
          ...kernel
        } = rest as WantedVirtualService;
        const read = parseFragment(renderFragment(service), serviceKey(service));
        expect(read?.service).toEqual(kernel);
        expect(read?.onFailure).toBe(healthCheck.onFailure);
        expect(read?.sorry).toBe(healthCheck.sorry);
        expect(new Map(read?.servers)).toEqual(
          new Map(
            Object.entries(realServers).map(([address, { healthCheck: own, ...settings }]) => [
              address,
              { settings, check: checkFor(healthCheck, own) },
            ]),
          ),
        );
      }
    }),
  );
});

test.each([
  ["another service", (text: string) => text.replace("virtual_server 192.168.4.5", "virtual_server 192.168.4.6")],
  ["two services", (text: string) => text + text],
  ["a line that we never write", (text: string) => text.replace("lvs_sched", "ha_suspend\n    lvs_sched")],
  ["a line twice", (text: string) => text.replace("weight 1", "weight 1\n        weight 2")],
  ["a server without a check", (text: string) => text.replace(/HTTP_GET \{[^]*?\n {8}\}/, "")],
  ["a block that does not end", (text: string) => text.replace(/\}\n$/, "")],
  ["one server that is removed, and one that gets weight 0", (text: string) => text.replace("inhibit_on_failure", "")],
  ["nothing", () => ""],
])("a file with %s is not one of ours", (_, edit) => {
  expect(parseFragment(edit(renderFragment(checked({}))), "tcp 192.168.4.5:80")).toBeUndefined();
});
