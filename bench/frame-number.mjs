/** One more than the numbers told: the pattern begins anew after so many frames. */
export const FRAME_NUMBERS = 65_536;

/** The number whose product with the pattern's step from frame to frame, 8209, is 1 modulo 65536. */
const INVERSE_OF_STEP = inverse(8_209);

/**
 * The number of a frame of the simulator's test pattern (simulator/README.md), of 8 bits, modulo 65536.
 *
 * A row's values grow by 257 a pixel: by 1 in the byte shown and by 1 in the byte that is not, so that the pixel
 * at which the one carries into the other tells both.
 *
 * @param {Buffer} base64 of at least the first 256 pixels
 * @param {number} origin the pattern's value at the first pixel of frame 0
 */
export function frameNumber(base64, origin) {
  const pixels = Buffer.from(base64.latin1Slice(), "base64");
  let carry = 1;
  while (carry < 256 && ((pixels[carry] - pixels[0]) & 0xff) === carry) carry++;
  const value = (pixels[0] << 8) | (256 - carry);
  return Math.imul(value - origin, INVERSE_OF_STEP) & (FRAME_NUMBERS - 1);
}

function inverse(odd) {
  let found = 1;
  // Newton's iteration: each step doubles the bits that are right.
  for (let bits = 1; bits < 16; bits *= 2) found = Math.imul(found, 2 - Math.imul(odd, found));
  return found & (FRAME_NUMBERS - 1);
}
