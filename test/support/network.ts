import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { Duplex } from "node:stream";
import { Conversation } from "./conversation.js";

/** Addresses as if from the internet (RFC 5737, RFC 3849), from a private network and from a provider's (RFC 6598). */
export const ADDRESSES = {
  stranger: "203.0.113.7",
  strangerIpv6: "2001:db8::7",
  neighbour: "192.168.77.7",
  neighbourIpv6: "fd77::7",
  provider: "100.64.0.7",
} as const;

const isRoot = process.getuid?.() === 0;

const SETUP = [
  "ip link set lo up",
  ...Object.values(ADDRESSES).map(
    (address) => `ip addr add ${address} dev lo${address.includes(":") ? " nodad" : ""}`,
  ),
  "echo ready",
  // Its end is ours.
  "exec cat",
].join(" && ");

/** Passes bytes between its standard streams and a connection from one address of the network to the same one. */
const CALLER = `
  const [host, port] = process.argv.slice(1);
  const socket = require("node:net").connect({ host, port, localAddress: host });
  socket.on("error", () => {}).on("close", () => process.exit());
  process.stdin.pipe(socket).pipe(process.stdout);`;

/** A network of its own (a Linux network namespace) where one machine has addresses of all sorts. */
export class Network {
  readonly #holder: ChildProcess;

  private constructor(holder: ChildProcess) {
    this.#holder = holder;
  }

  /** Makes one; fails where the system does not permit it: what is tested there is too much to be left out. */
  static async create(): Promise<Network> {
    const user = isRoot ? [] : ["--user", "--map-root-user"];
    const holder = spawn("unshare", [...user, "--net", "sh", "-c", SETUP], { stdio: "pipe" });
    let complaint = "";
    holder.stderr.on("data", (text) => {
      complaint += text;
    });
    await Promise.race([once(holder.stdout, "data"), once(holder, "exit")]);
    if (holder.exitCode !== null) {
      throw new Error(
        `There are no network namespaces here, which these tests cannot do without: run them as root, or permit unprivileged user namespaces (sysctl kernel.apparmor_restrict_unprivileged_userns=0). The system says: ${complaint}`,
      );
    }
    return new Network(holder);
  }

  /** The words before a command that make it run in this network. */
  get prefix(): readonly string[] {
    const user = isRoot ? [] : ["--user", "--preserve-credentials"];
    return ["nsenter", "--target", `${this.#holder.pid}`, ...user, "--net", "--"];
  }

  /** Connects from an address of the network to a port there. */
  call(address: string, port: number): Conversation {
    const [program = "", ...words] = [...this.prefix, process.execPath, "-e", CALLER, address];
    const caller = spawn(program, [...words, `${port}`], { stdio: ["pipe", "pipe", "inherit"] });
    return new Conversation(Duplex.from({ readable: caller.stdout, writable: caller.stdin }));
  }

  /** Ends it. */
  async remove(): Promise<void> {
    const ended = once(this.#holder, "exit");
    this.#holder.kill("SIGKILL");
    await ended;
  }
}
