import { copyFileSync, readFileSync } from "node:fs";
import { connect as connectTcp } from "node:net";
import { tmpdir } from "node:os";
import { type ConnectionOptions, connect } from "node:tls";
import { describe, expect, onTestFinished, test } from "vitest";
import { Driver } from "../../src/indi/driver.js";
import { TcpServer } from "../../src/indi/tcp-server.js";
import { TlsFileError } from "../../src/indi/tls.js";
import { Authority, type Identity } from "../support/certificates.js";
import { Conversation } from "../support/conversation.js";
import { serving } from "../support/serving.js";

/** A server with TLS, and what it logs. */
async function secured() {
  const authority = new Authority();
  const identity = authority.sign("server");
  const log: string[] = [];
  const note = (line: string) => void log.push(line);
  const driver = new Driver();
  const server = await serving(driver, {
    tls: { ...identity, ca: authority.ca },
    client: { log: { debug: note, info: note, warn: note, error: note } },
  });
  return { authority, identity, driver, server, log };
}

function call(port: number, ca: string, identity?: Identity, options: ConnectionOptions = {}) {
  const own = identity && { cert: readFileSync(identity.cert), key: readFileSync(identity.key) };
  const socket = connect({ port, host: "localhost", ca: readFileSync(ca), ...own, ...options });
  onTestFinished(() => void socket.destroy());
  return new Conversation(socket);
}

describe("a server with TLS", () => {
  test.each(["TLSv1.2", "TLSv1.3"] as const)(
    "serves over %s who has a certificate of the authority",
    async (version) => {
      const { authority, server, driver } = await secured();
      const versions = { minVersion: version, maxVersion: version };
      const peer = call(server.port, authority.ca, authority.sign("astronomer"), versions);
      peer.send(`<pingRequest uid="1"/>`);
      await peer.expect("pingReply", { uid: "1" });
      expect(driver.clients[0]?.name).toMatch(/^127\.0\.0\.1 port \d+|::1 port \d+$/);
      peer.close();
    },
  );

  test.each([
    ["no certificate", () => undefined, /UNABLE_TO_GET_ISSUER_CERT|peer did not return/],
    ["one of another authority", () => new Authority().sign("stranger"), /UNABLE_TO_VERIFY|issuer/],
    ["one signed by itself", () => new Authority().identity, /SELF_SIGNED/],
    [
      "one that has expired",
      (authority: Authority) =>
        authority.sign("late", { from: "20200101000000Z", to: "20200102000000Z" }),
      /CERT_HAS_EXPIRED/,
    ],
    [
      "one that is not valid yet",
      (authority: Authority) =>
        authority.sign("early", { from: "20990101000000Z", to: "20990102000000Z" }),
      /CERT_NOT_YET_VALID/,
    ],
  ] as const)("refuses who has %s, and says so once", async (_, identity, reason) => {
    const { authority, server, driver, log } = await secured();
    for (const attempt of ["1", "2"]) {
      const peer = call(server.port, authority.ca, identity(authority));
      peer.send(`<pingRequest uid="${attempt}"/>`);
      await expect(peer.expect("pingReply")).rejects.toThrow("the conversation is over");
    }
    expect(driver.clients).toEqual([]);
    expect(log).toHaveLength(1);
    expect(log[0]).toMatch(/^(127\.0\.0\.1|::1) is turned away: TLS: /);
    expect(log[0]).toMatch(reason);
  });

  test("refuses old TLS and what is no TLS", async () => {
    const { authority, server, driver } = await secured();
    const old = call(server.port, authority.ca, authority.sign("astronomer"), {
      minVersion: "TLSv1.1",
      maxVersion: "TLSv1.1",
      ciphers: "DEFAULT@SECLEVEL=0",
    });
    await old.expectEnd();
    const plain = new Conversation(connectTcp(server.port, "localhost"));
    plain.send(`<pingRequest uid="1"/>`);
    await expect(plain.expect("pingReply")).rejects.toThrow("the conversation is over");
    expect(driver.clients).toEqual([]);
  });

  test("counts who never ends the handshake among its connections", async () => {
    const { authority, identity } = await secured();
    const driver = new Driver();
    const { port } = await serving(driver, {
      tls: { ...identity, ca: authority.ca },
      maxConnections: 1,
    });
    const silent = new Conversation(connectTcp(port, "localhost"));
    const peer = call(port, authority.ca, authority.sign("astronomer"));
    await peer.expectEnd();
    silent.close();
    await expect
      .poll(async () => {
        const next = call(port, authority.ca, authority.sign("astronomer"));
        return next
          .send(`<pingRequest uid="1"/>`)
          .expect("pingReply")
          .then(({ tag }) => tag, String);
      })
      .toBe("pingReply");
  });

  test("reads its files again when told, and keeps what it has where they are broken", async () => {
    const { authority, identity, server } = await secured();
    const other = new Authority();
    const astronomer = authority.sign("astronomer");
    const next = other.sign("server");
    copyFileSync(next.cert, identity.cert);
    await expect(server.reload()).rejects.toThrow(
      `The key ${identity.key} is not that of the certificate ${identity.cert}.`,
    );
    const ping = (ca: string) =>
      call(server.port, ca, astronomer).send(`<pingRequest uid="1"/>`).expect("pingReply");
    await ping(authority.ca);
    copyFileSync(next.key, identity.key);
    await server.reload();
    await ping(other.ca);
  });
});

describe("a server that cannot use its files for TLS", () => {
  test("says that the key cannot be read, and why", async () => {
    const authority = new Authority();
    const tls = { ...authority.sign("server"), ca: authority.ca, key: tmpdir() };
    const listening = TcpServer.listen(new Driver(), { port: 0, tls });
    await expect(listening).rejects.toThrow(`${tmpdir()} cannot be read: EISDIR`);
  });

  test.each([
    ["cert", "missing", undefined, /missing cannot be read: ENOENT/],
    ["cert", "broken", "nonsense", /broken is no certificate in PEM format\.$/],
    ["key", "broken", "nonsense", /broken is no private key without a passphrase in PEM format\.$/],
    ["ca", "broken", "", /broken is no certificate in PEM format\.$/],
  ] as const)("says that the %s is %s", async (which, name, text, expected) => {
    const authority = new Authority();
    const files = { ...authority.sign("server"), ca: authority.ca };
    const path = text === undefined ? `/nowhere/${name}` : authority.write(name, text);
    const listening = TcpServer.listen(new Driver(), { port: 0, tls: { ...files, [which]: path } });
    await expect(listening).rejects.toThrow(TlsFileError);
    await expect(listening).rejects.toThrow(expected);
  });
});
