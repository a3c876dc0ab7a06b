import type * as pulumi from "@pulumi/pulumi";

/** A page that a server has to have. */
export interface HttpCheckArgs {
  /** keepalived's `path`. @default "/" */
  path?: pulumi.Input<string>;
  /** keepalived's `status_code`: those that are right. @default any from 200 to 299 */
  status?: pulumi.Input<pulumi.Input<number>[]>;
  /** keepalived's `virtualhost`: the `Host:` header. With https the name in the TLS handshake, too (`enable_sni`). @default the address */
  host?: pulumi.Input<string>;
}

/** A question that a name server has to answer. */
export interface DnsCheckArgs {
  /** A domain name; `"."` is the root. @default "." */
  name?: pulumi.Input<string>;
  /** A, NS, CNAME, SOA, MX, TXT or AAAA. @default "SOA" */
  type?: pulumi.Input<string>;
}

/** A packet that a server must not refuse. */
export interface UdpCheckArgs {
  /** Its bytes in hexadecimal: `"0a1b"`. @default some of keepalived's own */
  payload?: pulumi.Input<string>;
  /** keepalived's `require_reply`: silence is a failure. Otherwise only a refusal by ICMP is. @default false */
  requireReply?: pulumi.Input<boolean>;
}

/** How one server is checked: by one of tcp, http, https, dns, udp, ping and command. */
export interface CheckArgs {
  /** `TCP_CHECK`: it accepts a connection. Write `{}`. */
  tcp?: pulumi.Input<Record<string, never>>;
  /** `HTTP_GET`: a page. */
  http?: pulumi.Input<HttpCheckArgs>;
  /** `SSL_GET`: a page by TLS. Certificates are not verified. */
  https?: pulumi.Input<HttpCheckArgs>;
  /** `DNS_CHECK`: an answer without an error. */
  dns?: pulumi.Input<DnsCheckArgs>;
  /** `UDP_CHECK`. Needs keepalived 2.1. */
  udp?: pulumi.Input<UdpCheckArgs>;
  /** `PING_CHECK`: an answer to an echo request. Write `{}`. Needs keepalived 2.1. */
  ping?: pulumi.Input<Record<string, never>>;
  /**
   * `MISC_CHECK`: the absolute path of a program on the director. It is run as root with the address and the port of the server, and ends
   * with 0 if the server is well. Only root may be able to write it, and the folders above it.
   */
  command?: pulumi.Input<string>;
  /** `connect_port`. @default the port of the server */
  port?: pulumi.Input<number>;
  /** `delay_loop`: seconds between two checks, 0.1 to 3600. @default 2 */
  interval?: pulumi.Input<number>;
  /** `connect_timeout`, `misc_timeout`: seconds for an answer, 0.1 to 3600; with a command whole ones. @default 2 */
  timeout?: pulumi.Input<number>;
  /** `retry`: failures that are forgiven before the server is out, 0 to 100. @default 1 */
  retries?: pulumi.Input<number>;
  /** `delay_before_retry`: seconds from a failure to the next attempt, 0 to 3600. @default 1 */
  retryInterval?: pulumi.Input<number>;
}

/** How the servers of a service are checked, and what becomes of one that fails. Each change is in place. */
export interface HealthCheckArgs extends CheckArgs {
  /**
   * `weight0` (`inhibit_on_failure`): the server gets weight 0, and open connections stay. `remove`: it leaves the table until it is well again;
   * with the sysctl `expireNodestConn` its open connections end at once.
   * @default "weight0"
   */
  onFailure?: pulumi.Input<"weight0" | "remove">;
  /** `sorry_server`: serves while no server is left, `"127.0.0.1:80"`. Another port than the service's is masqueraded. @default none */
  sorry?: pulumi.Input<string>;
}
