import { Conversation } from "../support/conversation.js";
import {
  asRow,
  type Difference,
  differences,
  explainedDifferences,
} from "./definition-differences.js";
import {
  type Definitions,
  live,
  type Moment,
  momentOf,
  type Recording,
  readRecording,
  turn,
} from "./definitions.js";

/** How a device's definitions at some moment differ from recorded ones. */
export interface Comparison {
  /** Such as `before it is connected`. */
  readonly when: string;
  readonly differences: readonly Difference[];
}

/** What is to be compared: a recording and a device of a daemon, the recorded one if none is named. */
export interface Comparing {
  readonly recording: string;
  readonly host: string;
  readonly port: number;
  readonly device?: string | undefined;
}

/**
 * The report on a device of a running daemon that is connected, disconnected and connected again for it, as lines, and
 * whether docs/properties.md explains all that was found. The device is left as it was.
 */
export async function report(
  wanted: Comparing,
): Promise<{ lines: string[]; isExplained: boolean }> {
  const recording = readRecording(wanted.recording);
  const device = wanted.device ?? recording.device;
  const explained = new Set(explainedDifferences().map(asRow));
  const lines: string[] = [];
  let isExplained = true;
  const peer = await Conversation.connect(wanted.port, wanted.host);
  try {
    for (const { when, differences } of await compare(peer, device, recording)) {
      const rows = differences.map(asRow);
      const open = rows.filter((row) => !explained.has(row));
      const known = rows.length - open.length;
      lines.push(`${device} ${when}: ${known} explained differences, ${open.length} unexplained`);
      lines.push(...open.map((row) => `  ${row} |`));
      isExplained &&= open.length === 0;
    }
  } finally {
    peer.close();
  }
  return { lines, isExplained };
}

/** Holds a device against a recording, for the first and for a second time. */
export async function compare(
  peer: Conversation,
  device: string,
  { moment, definitions }: Recording,
): Promise<Comparison[]> {
  const wasConnected = momentOf(await live(peer, device)) === "connected";
  if (wasConnected) await turn(peer, device, "DISCONNECT");
  const before = await live(peer, device);
  const after = await connected(peer, device);
  await turn(peer, device, "DISCONNECT");
  const beforeAgain = await live(peer, device);
  const afterAgain = await connected(peer, device);
  if (!wasConnected) await turn(peer, device, "DISCONNECT");

  const seen: Readonly<Record<Moment, readonly (readonly [string, Definitions])[]>> = {
    disconnected: [
      ["before it is connected", before],
      ["disconnected again", beforeAgain],
    ],
    connected: [
      ["connected", after],
      ["connected again", afterAgain],
    ],
    connecting: [
      ["by connecting", without(after, before)],
      ["by connecting again", without(afterAgain, beforeAgain)],
    ],
  };
  return seen[moment].map(([when, ours]) => ({
    when,
    differences: differences(ours, definitions),
  }));
}

async function connected(peer: Conversation, device: string): Promise<Definitions> {
  await turn(peer, device, "CONNECT");
  return live(peer, device);
}

function without(definitions: Definitions, others: Definitions): Definitions {
  return new Map([...definitions].filter(([name]) => !others.has(name)));
}
