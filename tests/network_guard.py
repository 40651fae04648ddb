"""Keeps a test session off the network: loopback only, no name looked up, no AWS credentials, no real endpoint."""

import ipaddress
import os
import socket
import sys
from collections.abc import MutableMapping
from typing import Any

# Port 9 is the discard service, which nobody runs: a client without an endpoint of its own is refused at once.
NOWHERE = "http://127.0.0.1:9"

# What every AWS client made in this session, or in a process that it starts, is told.
AWS_ENVIRONMENT = {
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_ENDPOINT_URL": NOWHERE,
    "AWS_MAX_ATTEMPTS": "1",
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
}

_INTERNET = (socket.AF_INET, socket.AF_INET6)

# Audit events of the socket module: those with a socket and an address, and those that begin with a host.
_SENDING = ("socket.connect", "socket.sendto", "socket.sendmsg")
_LOOKING_UP = ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr")


class NetworkForbiddenError(RuntimeError):
    """A test reached for something that is not loopback. No ``OSError``: nobody may take it for a lost connection."""


def strip_aws_environment(environment: MutableMapping[str, str]) -> None:
    """Remove every AWS variable, credentials and profiles and regions alike, and set those that lead nowhere."""
    for name in [name for name in environment if name.startswith(("AWS_", "SAGEMAKER_", "BOTO_"))]:
        del environment[name]
    environment.update(AWS_ENVIRONMENT)


def is_loopback(host: object) -> bool:
    """Tell whether a host, as the socket module takes it, is this machine. ``None`` and ``""`` are."""
    if isinstance(host, bytes | bytearray):
        host = host.decode("ascii", "replace")
    if host is None or host in ("", "localhost"):
        return True
    if not isinstance(host, str):
        return False
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class NetworkGuard:
    """Refuses and remembers every attempt to leave this machine, from the moment of ``install`` on.

    It is an audit hook: it sees every library and thread of this process, C code included, and cannot be undone.
    """

    def __init__(self) -> None:
        self._attempts: list[str] = []

    def install(self) -> None:
        sys.addaudithook(self._audit)

    def take_attempts(self) -> list[str]:
        """Return what was refused since the last call, oldest first, and forget it."""
        taken, self._attempts = self._attempts, []
        return taken

    def _audit(self, event: str, arguments: tuple[Any, ...]) -> None:
        # `Any`, because each of the interpreter's events has arguments of its own.
        if event in _SENDING:
            sender, address = arguments
            # A message without an address goes where the socket is connected to, which was checked then.
            if sender.family not in _INTERNET or address is None or is_loopback(address[0]):
                return
            target = f"{address[0]}:{address[1]}"
        elif event in _LOOKING_UP:
            host = arguments[0]
            if is_loopback(host):
                return
            target = str(host)
        else:
            return
        attempt = f"{event} {target}"
        self._attempts.append(attempt)
        raise NetworkForbiddenError(f"a test may not leave this machine: {attempt}")
