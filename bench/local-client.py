"""An INDI client that takes frames by descriptor. Arguments: abstract name, device, number of frames, seconds.

Prints for each frame when it could be read, in seconds of the monotonic clock.
"""
import os
import re
import socket
import sys
import time

name, device, count, seconds = sys.argv[1:]
peer = socket.socket(socket.AF_UNIX)
peer.connect(b"\0" + name.encode())
text = b""


def expect(pattern):
    global text
    while (found := re.search(pattern, text)) is None:
        data, descriptors, _, _ = socket.recv_fds(peer, 65536, 16)
        if not data:
            sys.exit("The daemon hung up.")
        text += data
        for descriptor in descriptors:
            os.close(descriptor)
    text = text[found.end() :]


def send(xml):
    peer.sendall(xml.replace("DEVICE", device).encode())


send('<getProperties version="1.7"/><enableBLOB device="DEVICE">Also</enableBLOB>')
expect(rb"<def\w+ [^>]*name=.CONNECTION.")
send('<newSwitchVector device="DEVICE" name="CONNECTION"><oneSwitch name="CONNECT">On</oneSwitch></newSwitchVector>')
expect(rb"<def\w+ [^>]*name=.SDK.")
for _ in range(int(count)):
    send(
        '<newNumberVector device="DEVICE" name="CCD_EXPOSURE"><oneNumber name="CCD_EXPOSURE_VALUE">'
        f"{seconds}</oneNumber></newNumberVector>"
    )
    expect(rb'attached="true"[^>]*></oneBLOB>')
    print(time.monotonic())
    expect(rb"<setNumberVector [^>]*name=.CCD_EXPOSURE.[^>]*state=.Ok.")
