"""Reads GET /events and prints each event as a line of JSON. Written from the specification alone (WHATWG HTML, 9.2.6).

    python3 stream_client.py PORT COOKIE [LAST-EVENT-ID]
"""

import codecs
import http.client
import json
import sys


def lines(response):
    """The lines of the body, ended by CR LF, LF or CR, as they come."""
    decode = codecs.getincrementaldecoder("utf-8")().decode
    text, first, after_return = "", True, False
    while chunk := response.read1(65536):
        piece = decode(chunk)
        if first and piece:
            piece, first = piece.removeprefix("\ufeff"), False
        for char in piece:
            if char == "\n" and after_return:
                after_return = False
            elif char in "\r\n":
                yield text
                text, after_return = "", char == "\r"
            else:
                text, after_return = text + char, False


def events(response):
    """The events; what is unfinished when the stream ends is none."""
    last_id, event, data = "", "", []
    for line in lines(response):
        field, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if not line:
            if data:
                yield {"id": last_id, "event": event or "message", "data": "\n".join(data)}
            event, data = "", []
        elif field == "id" and "\0" not in value:
            last_id = value
        elif field == "event":
            event = value
        elif field == "data":
            data.append(value)


def main(port, cookie, last_id=""):
    connection = http.client.HTTPConnection("localhost", int(port))
    headers = {"accept": "text/event-stream", "cookie": cookie}
    if last_id:
        headers["last-event-id"] = last_id
    connection.request("GET", "/events", headers=headers)
    response = connection.getresponse()
    if response.status != 200 or response.getheader("content-type") != "text/event-stream":
        sys.exit(f"no stream: {response.status} {response.getheader('content-type')}")
    for event in events(response):
        print(json.dumps(event), flush=True)


main(*sys.argv[1:])
