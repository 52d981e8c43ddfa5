"""An INDI client on a unix socket that takes BLOBs by descriptor, as libindi's does.

Arguments: abstract name, device, number of pictures, directory, "keep", "drop" or "watch". Takes pictures one after
the other; keeps all of them mapped, or only the last; or takes none and waits for those of others. Prints for each how it came. At the end writes those that are
still mapped, as they are then, to the directory, named by their number.
"""
import mmap
import os
import re
import socket
import sys

name, device, count, directory, policy = sys.argv[1:]
peer = socket.socket(socket.AF_UNIX)
peer.connect(b"\0" + name.encode())
peer.settimeout(20)
text = bytearray()
descriptors = []


def expect(pattern):
    while (found := re.search(pattern, text)) is None:
        data, received, _, _ = socket.recv_fds(peer, 1 << 20, 16)
        if not data:
            sys.exit("The server hung up.")
        text.extend(data)
        descriptors.extend(received)
    groups = found.groups()
    del text[: found.end()]
    return groups


def send(xml):
    peer.sendall(xml.replace("DEVICE", device).encode())


send('<getProperties version="1.7"/>')
expect(rb"<def\w+ [^>]*name=.CONNECTION.")
send('<enableBLOB device="DEVICE">Also</enableBLOB>')
send('<newSwitchVector device="DEVICE" name="CONNECTION"><oneSwitch name="CONNECT">On</oneSwitch></newSwitchVector>')
expect(rb"<def\w+ [^>]*name=.SDK.")
pictures = {}
for number in range(int(count)):
    if policy != "watch":
        send('<newNumberVector device="DEVICE" name="CCD_EXPOSURE"><oneNumber name="CCD_EXPOSURE_VALUE">0.01</oneNumber></newNumberVector>')
    attributes = expect(rb"<oneBLOB ([^>]*)>")[0].decode()
    if 'attached="true"' in attributes:
        size, length = (int(re.search(rf' {key}="(\d+)"', attributes)[1]) for key in ("size", "len"))
        descriptor = descriptors.pop(0)
        picture = mmap.mmap(descriptor, size, prot=mmap.PROT_READ)
        os.close(descriptor)
        if policy == "drop":
            for earlier in pictures.values():
                earlier.close()
            pictures.clear()
        pictures[number] = picture
        print("attached", "complete" if size == length else "compressed")
    else:
        print("inline")
    expect(rb"<setNumberVector [^>]*name=.CCD_EXPOSURE.[^>]*state=.Ok.")
for number, picture in pictures.items():
    with open(os.path.join(directory, str(number)), "wb") as file:
        file.write(picture)
