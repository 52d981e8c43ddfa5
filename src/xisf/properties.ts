import { escapeXml } from "./xml.js";

/** A FITS keyword as an XISF file repeats it. */
export interface XisfKeyword {
  readonly keyword: string;
  readonly value: string | number | boolean;
  /** The value as a FITS header writes it, a string in quotes. */
  readonly text: string;
  readonly comment: string;
}

interface PropertyOfKeyword {
  readonly id: string;
  readonly type: "String" | "Float32" | "Float64" | "Int32" | "TimePoint";
  /** Turns the keyword's unit into the property's. */
  readonly scale?: number;
}

const MILLIMETRES = 1e-3;

/** The standard properties (XISF 1.0, section 11.5.3) that say what a FITS keyword says. */
const PROPERTIES: Readonly<Record<string, PropertyOfKeyword>> = {
  OBSERVER: { id: "Observer:Name", type: "String" },
  OBJECT: { id: "Observation:Object:Name", type: "String" },
  "DATE-OBS": { id: "Observation:Time:Start", type: "TimePoint" },
  "DATE-END": { id: "Observation:Time:End", type: "TimePoint" },
  RA: { id: "Observation:Center:RA", type: "Float64" },
  DEC: { id: "Observation:Center:Dec", type: "Float64" },
  EQUINOX: { id: "Observation:Equinox", type: "Float64" },
  SITELAT: { id: "Observation:Location:Latitude", type: "Float64" },
  SITELONG: { id: "Observation:Location:Longitude", type: "Float64" },
  INSTRUME: { id: "Instrument:Camera:Name", type: "String" },
  GAIN: { id: "Instrument:Camera:Gain", type: "Float32" },
  ROTATANG: { id: "Instrument:Camera:Rotation", type: "Float32" },
  XBINNING: { id: "Instrument:Camera:XBinning", type: "Int32" },
  YBINNING: { id: "Instrument:Camera:YBinning", type: "Int32" },
  EXPTIME: { id: "Instrument:ExposureTime", type: "Float32" },
  FILTER: { id: "Instrument:Filter:Name", type: "String" },
  FOCUSPOS: { id: "Instrument:Focuser:Position", type: "Float32" },
  "CCD-TEMP": { id: "Instrument:Sensor:Temperature", type: "Float32" },
  "SET-TEMP": { id: "Instrument:Sensor:TargetTemperature", type: "Float32" },
  XPIXSZ: { id: "Instrument:Sensor:XPixelSize", type: "Float32" },
  YPIXSZ: { id: "Instrument:Sensor:YPixelSize", type: "Float32" },
  TELESCOP: { id: "Instrument:Telescope:Name", type: "String" },
  APTDIA: { id: "Instrument:Telescope:Aperture", type: "Float32", scale: MILLIMETRES },
  FOCALLEN: { id: "Instrument:Telescope:FocalLength", type: "Float32", scale: MILLIMETRES },
};

/** The property that says what a keyword says, as XML; empty where there is none. */
export function propertyOf({ keyword, value }: XisfKeyword): string {
  const property = PROPERTIES[keyword];
  if (property === undefined) return "";
  const { id, type, scale = 1 } = property;
  if (type === "String") return stringProperty(id, `${value}`);
  if (type === "TimePoint") return valueProperty(id, type, `${value}Z`);
  // Clients may have given the keyword another type.
  if (typeof value !== "number") return "";
  return valueProperty(id, type, `${Number((value * scale).toPrecision(15))}`);
}

/** A property with a text. */
export function stringProperty(id: string, text: string): string {
  return `<Property id="${id}" type="String">${escapeXml(text)}</Property>`;
}

/** A property with a value of another type. */
export function valueProperty(id: string, type: string, value: string): string {
  return `<Property id="${id}" type="${type}" value="${escapeXml(value)}"/>`;
}
