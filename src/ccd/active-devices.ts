import type { Device } from "../indi/device.js";
import { parseNumber } from "../indi/number-format.js";
import type { RemoteProperty } from "../indi/remote-property.js";
import type { Snoop } from "../indi/snoop.js";
import type { TextVector } from "../indi/text-vector.js";
import { ACTIVE_DEVICES } from "./definitions.js";
import type { Observatory } from "./observatory.js";

type Role = (typeof ACTIVE_DEVICES)["elements"][number]["name"];

/** The properties of other devices that go into the headers, by the device that has them. */
const SNOOPED = {
  ACTIVE_TELESCOPE: [
    "EQUATORIAL_EOD_COORD",
    "EQUATORIAL_COORD",
    "TELESCOPE_INFO",
    "GEOGRAPHIC_COORD",
    "TELESCOPE_PIER_SIDE",
  ],
  ACTIVE_ROTATOR: ["ABS_ROTATOR_ANGLE"],
  ACTIVE_FOCUSER: ["ABS_FOCUS_POSITION", "FOCUS_TEMPERATURE"],
  ACTIVE_FILTER: ["FILTER_SLOT", "FILTER_NAME"],
  ACTIVE_SKYQUALITY: ["SKY_QUALITY"],
} as const satisfies Record<Role, readonly string[]>;

type Snooped<R extends Role> = (typeof SNOOPED)[R][number];

/**
 * How long a reading of the air or the sky counts, in milliseconds. Everything else is a setting or a position,
 * of which drivers tell only when it changes: it counts for as long as the device is there.
 */
const READING_AGE = 30 * 60_000;

/** A telescope, a rotator and so on that the user named, and what they tell. */
export class ActiveDevices {
  readonly vector: TextVector<Role>;
  readonly #snoop: Snoop;
  readonly #now: () => number;
  readonly #watched: (() => void)[] = [];

  /** Adds the property; nothing is asked before `watch()`. `now` is the clock of {@link RemoteProperty.toldAt}. */
  constructor(device: Device, snoop: Snoop, now: () => number = () => performance.now()) {
    this.#snoop = snoop;
    this.#now = now;
    this.vector = device.add(ACTIVE_DEVICES);
    this.vector.onNew((wanted) => this.#watch(wanted));
  }

  /** Asks the devices that are named now, once saved names have been restored. */
  watch(): void {
    this.#watch(this.vector.value);
  }

  /** Asks for nothing any more. */
  close(): void {
    for (const unwatch of this.#watched.splice(0)) unwatch();
  }

  /** What the devices tell at this moment. */
  observatory(): Observatory {
    const equatorial = this.#equatorial();
    const site = this.#site();
    const pierSide = this.#pierSide();
    const scope = this.#scope();
    const filter = this.#filter();
    const rotatorAngle = number(this.#settled("ACTIVE_ROTATOR", "ABS_ROTATOR_ANGLE"), "ANGLE");
    const focuserPosition = number(
      this.#settled("ACTIVE_FOCUSER", "ABS_FOCUS_POSITION"),
      "FOCUS_ABSOLUTE_POSITION",
    );
    const focuserTemperature = number(
      this.#fresh("ACTIVE_FOCUSER", "FOCUS_TEMPERATURE"),
      "TEMPERATURE",
    );
    const skyQuality = number(this.#fresh("ACTIVE_SKYQUALITY", "SKY_QUALITY"), "SKY_BRIGHTNESS");
    return {
      ...(equatorial && { equatorial }),
      ...(site && { site }),
      ...(pierSide && { pierSide }),
      ...(scope && { scope }),
      ...(rotatorAngle !== undefined && { rotatorAngle }),
      ...(focuserPosition !== undefined && { focuserPosition }),
      ...(focuserTemperature !== undefined && { focuserTemperature }),
      ...(filter !== undefined && { filter }),
      ...(skyQuality !== undefined && { skyQuality }),
    };
  }

  #watch(devices: Readonly<Record<Role, string>>): void {
    const before = this.#watched.splice(0);
    for (const { name: role } of ACTIVE_DEVICES.elements) {
      const device = devices[role];
      if (device === "") continue;
      this.#watched.push(...SNOOPED[role].map((property) => this.#snoop.watch(device, property)));
    }
    // Afterwards: what is watched still is not asked for again.
    for (const unwatch of before) unwatch();
  }

  /** A property that can be relied on: nothing is moving (Busy) and nothing is wrong (Alert). */
  #settled<R extends Role>(role: R, name: Snooped<R>): RemoteProperty | undefined {
    const property = this.#snoop.property(this.vector.value[role], name);
    return property?.state === "Idle" || property?.state === "Ok" ? property : undefined;
  }

  #fresh<R extends Role>(role: R, name: Snooped<R>): RemoteProperty | undefined {
    const property = this.#settled(role, name);
    return property && this.#now() - property.toldAt <= READING_AGE ? property : undefined;
  }

  #equatorial(): Observatory["equatorial"] {
    for (const [name, epoch] of [
      ["EQUATORIAL_EOD_COORD", "JNow"],
      ["EQUATORIAL_COORD", "J2000"],
    ] as const) {
      const property = this.#settled("ACTIVE_TELESCOPE", name);
      const ra = number(property, "RA");
      const dec = number(property, "DEC");
      if (ra !== undefined && dec !== undefined && ra >= 0 && ra <= 24 && Math.abs(dec) <= 90) {
        return { ra, dec, epoch };
      }
    }
    return undefined;
  }

  #site(): Observatory["site"] {
    const property = this.#settled("ACTIVE_TELESCOPE", "GEOGRAPHIC_COORD");
    const latitude = number(property, "LAT");
    const east = number(property, "LONG");
    const elevation = number(property, "ELEV");
    if (latitude === undefined || east === undefined || Math.abs(latitude) > 90) return undefined;
    const longitude = east > 180 ? east - 360 : east;
    return { latitude, longitude, ...(elevation !== undefined && { elevation }) };
  }

  #pierSide(): Observatory["pierSide"] {
    const property = this.#settled("ACTIVE_TELESCOPE", "TELESCOPE_PIER_SIDE");
    if (property?.elements.get("PIER_WEST")?.value === "On") return "west";
    return property?.elements.get("PIER_EAST")?.value === "On" ? "east" : undefined;
  }

  #scope(): Observatory["scope"] {
    const property = this.#settled("ACTIVE_TELESCOPE", "TELESCOPE_INFO");
    const focalLength = number(property, "TELESCOPE_FOCAL_LENGTH") ?? 0;
    const aperture = number(property, "TELESCOPE_APERTURE") ?? 0;
    if (focalLength <= 0 && aperture <= 0) return undefined;
    return { ...(focalLength > 0 && { focalLength }), ...(aperture > 0 && { aperture }) };
  }

  /** Slots are counted from 1 in the order of the names. */
  #filter(): string | undefined {
    const slot = number(this.#settled("ACTIVE_FILTER", "FILTER_SLOT"), "FILTER_SLOT_VALUE");
    const names = this.#settled("ACTIVE_FILTER", "FILTER_NAME");
    if (slot === undefined || names === undefined) return undefined;
    const name = [...names.elements.values()][slot - 1]?.value;
    return name === "" ? undefined : name;
  }
}

function number(property: RemoteProperty | undefined, element: string): number | undefined {
  const text = property?.elements.get(element)?.value;
  return text === undefined ? undefined : parseNumber(text);
}
