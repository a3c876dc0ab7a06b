// cspell:disable

/** Keywords that are read: their first value counts. */
export const READ = [
  "addressfamily",
  "connecttimeout",
  "globalknownhostsfile",
  "hashknownhosts",
  "hostkeyalgorithms",
  "hostkeyalias",
  "hostname",
  "identitiesonly",
  "identityagent",
  "port",
  "proxycommand",
  "proxyjump",
  "requiredrsasize",
  "stricthostkeychecking",
  "user",
  "userknownhostsfile",
] as const;

/** Those of which every line counts. */
export const LISTS = ["certificatefile", "identityfile"] as const;

/** Keywords of which each value but these changes who is reached or trusted, in a way that is not supported. */
export const REFUSED: Readonly<Record<string, readonly string[]>> = {
  bindaddress: [],
  bindinterface: [],
  canonicalizehostname: ["no", "false"],
  checkhostip: ["no", "false"],
  knownhostscommand: ["none"],
  nohostauthenticationforlocalhost: ["no", "false"],
  refuseconnection: [],
  revokedhostkeys: ["none"],
  verifyhostkeydns: ["no", "false", "ask"],
};

/**
 * Keywords that change neither who is reached nor who is trusted: how a terminal behaves, what is forwarded, what ssh logs, and
 * those that ssh has given up.
 */
export const HARMLESS: ReadonlySet<string> = new Set(
  `addkeystoagent afstokenpassing batchmode canonicaldomains canonicalizefallbacklocal canonicalizemaxdots canonicalizepermittedcnames
  casignaturealgorithms challengeresponseauthentication channeltimeout cipher ciphers clearallforwardings compression
  compressionlevel connectionattempts controlmaster controlpath controlpersist dsaauthentication dynamicforward
  enableescapecommandline enablesshkeysign escapechar exitonforwardfailure fallbacktorsh fingerprinthash forkafterauthentication
  forwardagent forwardx11 forwardx11timeout forwardx11trusted gatewayports globalknownhostsfile2 gssapiauthentication
  gssapiclientidentity gssapidelegatecredentials gssapikexalgorithms gssapikeyexchange gssapirenewalforcesrekey gssapiserveridentity
  gssapitrustdns hostbasedacceptedalgorithms hostbasedauthentication hostbasedkeytypes ignoreunknown ipqos
  kbdinteractiveauthentication kbdinteractivedevices keepalive kerberosauthentication kerberostgtpassing kexalgorithms localcommand
  localforward loglevel logverbose macs numberofpasswordprompts obscurekeystroketiming passwordauthentication permitlocalcommand
  permitremoteopen pkcs11provider preferredauthentications protocol proxyusefdpass pubkeyacceptedalgorithms pubkeyacceptedkeytypes
  pubkeyauthentication rekeylimit remotecommand remoteforward requesttty rhostsauthentication rhostsrsaauthentication
  rsaauthentication securitykeyprovider sendenv serveralivecountmax serveraliveinterval sessiontype setenv skeyauthentication
  smartcarddevice stdinnull streamlocalbindmask streamlocalbindunlink syslogfacility tag tcpkeepalive tisauthentication tunnel
  tunneldevice updatehostkeys useblacklistedkeys usekeychain useprivilegedport userhostagent userknownhostsfile2 useroaming usersh
  versionaddendum visualhostkey warnweakcrypto xauthlocation`.split(/\s+/),
);

/** Older names of others. */
export const ALIASES: ReadonlyMap<string, string> = new Map([["identityfile2", "identityfile"]]);
