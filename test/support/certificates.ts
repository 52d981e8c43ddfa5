import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** A certificate and its key, as paths of PEM files. */
export interface Identity {
  readonly cert: string;
  readonly key: string;
}

/** From when to when a certificate is valid, as `20200131000000Z`. */
export interface Validity {
  readonly from: string;
  readonly to: string;
}

/** Somebody who signs certificates with openssl, in a folder that goes with the test. */
export class Authority {
  readonly #directory = mkdtempSync(join(tmpdir(), "indi-asid-tls-"));
  readonly #own: Identity;

  constructor() {
    onTestFinished(() => rmSync(this.#directory, { recursive: true }));
    this.#own = this.#files("ca");
    this.#openssl(
      ...["req", "-x509", ...NEW_KEY, "-keyout", this.#own.key, "-out", this.#own.cert],
      ...["-subj", "/CN=observatory", "-days", "2"],
    );
  }

  /** Its own certificate. */
  get ca(): string {
    return this.#own.cert;
  }

  /** Itself, with a certificate that nobody else has signed. */
  get identity(): Identity {
    return this.#own;
  }

  /** Signs a certificate for somebody, valid from now on if not told otherwise. */
  sign(name: string, validity?: Validity): Identity {
    const files = this.#files(name);
    const request = join(this.#directory, `${name}.csr`);
    this.#openssl(
      ...["req", "-new", ...NEW_KEY, "-keyout", files.key, "-out", request, "-subj", `/CN=${name}`],
    );
    if (validity !== undefined) {
      this.#signFor(validity, request, files.cert);
      return files;
    }
    const extensions = this.write("extensions", "subjectAltName=DNS:localhost,IP:127.0.0.1\n");
    this.#openssl(
      ...["x509", "-req", "-in", request, "-out", files.cert, "-days", "2", "-extfile", extensions],
      ...["-CA", this.#own.cert, "-CAkey", this.#own.key, "-CAcreateserial"],
    );
    return files;
  }

  #signFor({ from, to }: Validity, request: string, cert: string): void {
    const config = [
      ...["[ca]", "default_ca = own", "[own]", `database = ${this.write("index", "")}`],
      ...[
        `new_certs_dir = ${this.#directory}`,
        "default_md = sha256",
        "policy = any",
        "rand_serial = yes",
      ],
      ...["unique_subject = no", "[any]", "commonName = supplied", ""],
    ];
    this.#openssl(
      ...["ca", "-batch", "-notext", "-config", this.write("ca", config.join("\n"))],
      ...["-cert", this.#own.cert, "-keyfile", this.#own.key, "-in", request, "-out", cert],
      ...["-startdate", from, "-enddate", to],
    );
  }

  /** Writes a file. */
  write(name: string, text: string): string {
    const path = join(this.#directory, name);
    writeFileSync(path, text);
    return path;
  }

  #files(name: string): Identity {
    const file = (kind: string) => join(this.#directory, `${name}.${kind}.pem`);
    return { cert: file("cert"), key: file("key") };
  }

  #openssl(...args: readonly string[]): void {
    execFileSync("openssl", args, { stdio: "pipe" });
  }
}

const NEW_KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"] as const;
