"""Reads GET /events by a library that shares nothing with ours, and prints each event as a line of JSON.

    python readers.py httpx-sse|sseclient-py URL COOKIE [LAST-EVENT-ID]
"""

import json
import sys


def by_httpx_sse(url, headers):
    import httpx
    from httpx_sse import connect_sse

    with httpx.Client(timeout=None) as client, connect_sse(client, "GET", url, headers=headers) as source:
        yield from source.iter_sse()


def by_sseclient_py(url, headers):
    import requests
    from sseclient import SSEClient

    yield from SSEClient(requests.get(url, headers=headers, stream=True)).events()


def main(library, url, cookie, last_id=""):
    headers = {"accept": "text/event-stream", "cookie": cookie}
    if last_id:
        headers["last-event-id"] = last_id
    read = {"httpx-sse": by_httpx_sse, "sseclient-py": by_sseclient_py}[library]
    try:
        for event in read(url, headers):
            if event.data:  # httpx-sse gives a block with only a `retry:` as an event, too.
                print(json.dumps({"id": event.id or "", "event": event.event, "data": event.data}), flush=True)
    except Exception as error:  # Cut: whoever started this starts it again.
        print(f"{library}: {error}", file=sys.stderr)


main(*sys.argv[1:])
