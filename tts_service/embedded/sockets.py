"""The socket that the API listens on."""

from __future__ import annotations

import errno
import socket

from tts_service.errors import SettingsRefused

_NOT_HERE = (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT)


def listening_socket(host: str, port: int) -> socket.socket:
    """A listening socket; at `::` for IPv4 callers as well, where this machine can. Raises OSError."""
    if ":" not in host:
        return socket.create_server((host, port))
    both = host == "::" and socket.has_dualstack_ipv6()
    return socket.create_server((host, port), family=socket.AF_INET6, dualstack_ipv6=both)


def require_place(host: str, port: int) -> None:
    """Checks that this machine can listen there; the port may be taken. Raises SettingsRefused, which names the
    setting: no other port helps against a wrong host, nor against one that this user may not listen on."""
    try:
        # create_server() would raise an OSError that can't be told from another.
        socket.getaddrinfo(host or None, port)
        listening_socket(host, port).close()
    except (socket.gaierror, UnicodeError) as error:
        raise SettingsRefused(
            f"TTS_HOST: unknown host {host!r}: write 0.0.0.0 for every network, or 127.0.0.1 for this machine only.",
            settings=["TTS_HOST"],
        ) from error
    except PermissionError as error:
        raise SettingsRefused(
            f"TTS_PORT: this user may not listen on {port}: write 1024 or more.",
            settings=["TTS_PORT"],
        ) from error
    except OSError as error:
        if error.errno in _NOT_HERE:
            raise SettingsRefused(
                f"TTS_HOST: {host} is not an address of this machine: write 0.0.0.0 for every network, or 127.0.0.1 "
                "for this machine only.",
                settings=["TTS_HOST"],
            ) from error
