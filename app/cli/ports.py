"""A listening socket, opened before anything is promised; a taken port is told in plain words."""

import errno
import socket


class PortTaken(Exception):
    """Another program has the port, or it may not be opened; the text says what to do."""


def listening(host: str, port: int, setting: str) -> socket.socket:
    """A socket that listens at host and port, which the named setting changes. Raises PortTaken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    door = socket.socket(family, socket.SOCK_STREAM)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        door.bind((host, port))
    except OSError as error:
        door.close()
        if error.errno == errno.EADDRINUSE:
            raise PortTaken(f"Port {port} is taken by another program. Choose another: {setting}=…") from None
        raise PortTaken(f"{host} port {port} can't be opened: {error.strerror}. See {setting}.") from None
    door.listen(2048)
    return door
