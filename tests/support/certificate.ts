/**
 * Certificates for TLS servers of tests, made when they are needed with
 * WebCrypto and a little DER (X.690): no binary, no package, no key that lies
 * in a repository.
 *
 * @module
 */

import { Buffer } from "node:buffer";

/** An authority that tests trust. */
export interface Authority {
  /** PEM, for `caCerts`. */
  cert: string;
  /** A certificate and key for a host name, for `Deno.listenTls`. */
  issue(hostname: string): Promise<{ cert: string; key: string }>;
}

const EC = { name: "ECDSA", namedCurve: "P-256" };

/** An authority of its own, with a new key. */
export async function createAuthority(name = "Switchboard tests"): Promise<Authority> {
  const keys = await newKeys();
  const isAuthority = sequence(oid("551d13"), TRUE, octets(sequence(TRUE)));
  const cert = await certificate({ name, keys }, { name, keys, extension: isAuthority });
  return {
    cert,
    async issue(hostname) {
      const own = await newKeys();
      const dnsName = der(0x82, new TextEncoder().encode(hostname));
      const extension = sequence(oid("551d11"), octets(sequence(dnsName)));
      const key = await crypto.subtle.exportKey("pkcs8", own.privateKey);
      return {
        cert: await certificate({ name, keys }, { name: hostname, keys: own, extension }),
        key: pem("PRIVATE KEY", new Uint8Array(key)),
      };
    },
  };
}

function newKeys(): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey(EC, true, ["sign", "verify"]);
}

interface Party {
  name: string;
  keys: CryptoKeyPair;
}

/** RFC 5280 §4.1, version 3, ECDSA with SHA-256. */
async function certificate(
  issuer: Party,
  { name, keys, extension }: Party & { extension: Uint8Array },
): Promise<string> {
  const algorithm = sequence(oid("2a8648ce3d040302"));
  const publicKey = new Uint8Array(await crypto.subtle.exportKey("spki", keys.publicKey));
  const content = sequence(
    der(0xa0, integer(Uint8Array.of(2))),
    integer(crypto.getRandomValues(new Uint8Array(16))),
    algorithm,
    commonName(issuer.name),
    ALWAYS,
    commonName(name),
    publicKey,
    der(0xa3, sequence(extension)),
  );
  const how = { name: "ECDSA", hash: "SHA-256" };
  const raw = await crypto.subtle.sign(how, issuer.keys.privateKey, content);
  const [r, s] = [new Uint8Array(raw, 0, 32), new Uint8Array(raw, 32)];
  const signature = sequence(integer(r), integer(s));
  return pem("CERTIFICATE", sequence(content, algorithm, bits(signature)));
}

/**
 * From 2000 to the time that stands for no end (RFC 5280 §4.1.2.5): certificates
 * are held against the runtime's own clock, which no test can move.
 */
const ALWAYS = sequence(utcTime("000101000000Z"), generalizedTime("99991231235959Z"));

const TRUE = der(0x01, Uint8Array.of(0xff));

function der(tag: number, ...parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 0x80
    ? [length]
    : length < 0x100
    ? [0x81, length]
    : [0x82, length >> 8, length & 0xff];
  return Uint8Array.from([tag, ...size, ...content]);
}

function sequence(...parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  return der(0x30, ...parts);
}

/** Unsigned: no leading zeros, and one where the first bit is set. */
function integer(bytes: Uint8Array): Uint8Array {
  const start = Math.max(0, bytes.findIndex((byte) => byte !== 0));
  const short = bytes.subarray(start);
  return der(0x02, short[0]! > 0x7f ? Uint8Array.of(0, ...short) : short);
}

function octets(content: Uint8Array): Uint8Array {
  return der(0x04, content);
}

function bits(content: Uint8Array): Uint8Array {
  return der(0x03, Uint8Array.of(0), content);
}

function oid(hex: string): Uint8Array {
  return der(0x06, Buffer.from(hex, "hex"));
}

function commonName(name: string): Uint8Array {
  const text = der(0x0c, new TextEncoder().encode(name));
  return sequence(der(0x31, sequence(oid("550403"), text)));
}

/** What a time is written as until 2049 (RFC 5280 §4.1.2.5). */
function utcTime(text: string): Uint8Array {
  return der(0x17, new TextEncoder().encode(text));
}

function generalizedTime(text: string): Uint8Array {
  return der(0x18, new TextEncoder().encode(text));
}

function pem(label: string, bytes: Uint8Array): string {
  const lines = Buffer.from(bytes).toString("base64").match(/.{1,64}/g)!;
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ""].join("\n");
}
