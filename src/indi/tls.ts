import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { Socket } from "node:net";
import { createServer, type SecureContextOptions, type Server, type TLSSocket } from "node:tls";
import { errorText } from "./errors.js";

/** Paths of PEM files: who the server is, and who vouches for clients. */
export interface TlsFiles {
  readonly cert: string;
  readonly key: string;
  readonly ca: string;
}

/** Hears how connections fare. */
export interface TlsHandlers {
  onSecure(socket: TLSSocket): void;
  /** The socket is still to be closed. */
  onRefused(socket: TLSSocket, reason: string): void;
}

/** The files for TLS cannot be used; the text says which and why. */
export class TlsFileError extends Error {
  override readonly name = "TlsFileError";
}

const HANDSHAKE_MS = 10_000;

/** Makes connections encrypted ones, of clients with a certificate of ours. */
export class Tls {
  readonly #files: TlsFiles;
  /** It listens nowhere: connections are handed to it. */
  readonly #server: Server;

  private constructor(files: TlsFiles, credentials: SecureContextOptions) {
    this.#files = files;
    this.#server = createServer({
      ...credentials,
      minVersion: "TLSv1.2",
      requestCert: true,
      // Judged below: Node would close the connection without telling why.
      rejectUnauthorized: false,
      handshakeTimeout: HANDSHAKE_MS,
    });
  }

  /** Reads the files; rejects with a {@link TlsFileError}. */
  static async load(files: TlsFiles, handlers: TlsHandlers): Promise<Tls> {
    const tls = new Tls(files, await read(files));
    tls.#server.on("secureConnection", (socket) => {
      if (socket.authorized) handlers.onSecure(socket);
      else handlers.onRefused(socket, `${socket.authorizationError}`);
    });
    tls.#server.on("tlsClientError", (error, socket) => {
      // One that has left by itself was not refused.
      if (!socket.destroyed) handlers.onRefused(socket, errorText(error));
    });
    return tls;
  }

  /** Reads the files again, for connections to come; those of before stay where this rejects. */
  async reload(): Promise<void> {
    this.#server.setSecureContext(await read(this.#files));
  }

  /** Begins the handshake on a new connection, of which nothing was read yet. */
  take(socket: Socket): void {
    this.#server.emit("connection", socket);
  }
}

async function read(files: TlsFiles): Promise<SecureContextOptions> {
  const cert = await text(files.cert);
  const key = await text(files.key);
  const ca = await text(files.ca);
  const certificate = parsed(files.cert, "certificate", () => new X509Certificate(cert));
  const privateKey = parsed(files.key, "private key without a passphrase", () =>
    createPrivateKey(key),
  );
  parsed(files.ca, "certificate", () => new X509Certificate(ca));
  if (!certificate.checkPrivateKey(privateKey)) {
    throw new TlsFileError(`The key ${files.key} is not that of the certificate ${files.cert}.`);
  }
  return { cert, key, ca };
}

async function text(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw new TlsFileError(`${path} cannot be read: ${errorText(error)}`, { cause: error });
  }
}

function parsed<T>(path: string, what: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw new TlsFileError(`${path} is no ${what} in PEM format.`, { cause: error });
  }
}
