"""Opens streams and then hears nothing more, as if the cable were pulled: no packet arrives, so none is acknowledged.

    python3 half_open.py PORT COOKIE COUNT

Prints "open" when all are open and "deaf" when they are. Ends when its input does. Needs Linux, but no rights: a filter
on one's own socket drops what comes in before TCP sees it.
"""

import ctypes
import socket
import struct
import sys

SO_ATTACH_FILTER = 26
DROP_ALL = struct.pack("HBBI", 0x06, 0, 0, 0)  # BPF_RET | BPF_K, 0 bytes to keep


def opened(port, cookie):
    """A stream that has caught up."""
    stream = socket.create_connection(("127.0.0.1", port))
    stream.sendall(f"GET /events HTTP/1.1\r\nhost: localhost\r\ncookie: {cookie}\r\n\r\n".encode())
    heard = b""
    while b"event: heartbeat\n" not in heard:
        piece = stream.recv(65536)
        if not piece:
            sys.exit(f"no stream: {heard!r}")
        heard += piece
    return stream


def deafen(stream):
    code = ctypes.create_string_buffer(DROP_ALL)
    program = struct.pack("HP", 1, ctypes.addressof(code))
    stream.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, program)


def main(port, cookie, count):
    streams = [opened(int(port), cookie) for _ in range(int(count))]
    print("open", flush=True)
    for stream in streams:
        deafen(stream)
    print("deaf", flush=True)
    sys.stdin.read()


main(*sys.argv[1:])
