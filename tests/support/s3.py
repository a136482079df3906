"""A real S3 server on this machine, with one bucket."""

from collections.abc import Iterator
from contextlib import contextmanager

import httpx

NAME = "pictures"


@contextmanager
def s3_server() -> Iterator[str]:
    """Its address, for the block; the bucket is called `NAME`."""
    from moto.server import ThreadedMotoServer

    running = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    running.start()
    host, port = running.get_host_and_port()
    address = f"http://{host}:{port}"
    httpx.put(f"{address}/{NAME}", headers={"Host": f"{host}:{port}"}).raise_for_status()
    yield address
    running.stop()
