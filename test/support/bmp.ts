/** A grey picture as a BMP file of 8 bits. */
export function bmp(width: number, height: number): Buffer {
  const offset = 54 + 1024;
  const file = Buffer.alloc(offset + width * height);
  file.write("BM");
  file.writeUInt32LE(file.length, 2);
  file.writeUInt32LE(offset, 10);
  file.writeUInt32LE(40, 14);
  file.writeInt32LE(width, 18);
  file.writeInt32LE(height, 22);
  file.writeUInt16LE(1, 26);
  file.writeUInt16LE(8, 28);
  return file;
}
