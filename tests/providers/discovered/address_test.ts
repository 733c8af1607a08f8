import { assertEquals } from "@std/assert";
import { isSameIssuer, usableAddress } from "../../../providers/discovered/address.ts";

const upstream = new URL("https://mcp.example/mcp");
const isUsable = (value: unknown) =>
  usableAddress(value, { upstream, isPrivate: false }) !== undefined;

Deno.test("usableAddress() takes a plain public https address", () => {
  assertEquals(isUsable("https://as.example/authorize?a=b"), true);
  const wrong = [
    undefined,
    7,
    "",
    "as.example",
    "http://as.example/",
    "https://user@as.example/",
    "https://:pw@as.example/",
    "https://as.example/#",
    "https://as.example/#x",
    "https://as.example./",
    "https://localhost/",
    "https://10.0.0.1/",
    "https://as.internal/",
    `https://as.example/${"x".repeat(10_000)}`,
  ];
  for (const value of wrong) assertEquals(isUsable(value), false, String(value).slice(0, 40));
});

Deno.test("isSameIssuer() minds no slash at the end, and everything else", () => {
  assertEquals(isSameIssuer("https://as.example", "https://as.example/"), true);
  assertEquals(isSameIssuer("https://as.example/a", "https://as.example/a/"), true);
  for (const other of ["https://as.example/b", "http://as.example", "https://as.example:8443"]) {
    assertEquals(isSameIssuer("https://as.example", other), false, other);
  }
});
