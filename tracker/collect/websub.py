"""WebSub (W3C): ask hubs to call when a source has something new, and check what they say.

A call is only taken as a hint to poll: what a source lists comes by one path, whoever pushes.
"""

import hashlib
import hmac
from datetime import timedelta

from tracker.collect.http import Client
from tracker.types import HubSubscription

# Section 5.1.2 of the recommendation names these for signatures.
_METHODS = ("sha1", "sha256", "sha384", "sha512")
_LEASE = timedelta(days=10)


def callback(public_url: str, token: str) -> str:
    """Return the address that a hub calls."""
    return f"{public_url}/websub/{token}"


def subscribe(hub: HubSubscription, client: Client, *, public_url: str) -> None:
    """Ask a hub for calls; it asks back at the callback before it makes any.  Raise a FetchError where it says no."""
    asked = {
        "hub.mode": "subscribe",
        "hub.topic": hub.topic,
        "hub.callback": callback(public_url, hub.token),
        "hub.secret": hub.secret,
        "hub.lease_seconds": str(int(_LEASE.total_seconds())),
    }
    client.post(hub.hub, asked)


def lease(stated: str) -> timedelta:
    """Read how long a hub will call; what is no number, or too long, is what was asked for."""
    seconds = int(stated) if stated.isascii() and stated.isdecimal() else 0
    return timedelta(seconds=seconds) if 0 < seconds < _LEASE.total_seconds() else _LEASE


def is_signed(body: bytes, signature: str, *, secret: str) -> bool:
    """Say whether a call carries the signature of somebody who knows the secret; compared in constant time."""
    method, _, stated = signature.partition("=")
    if method not in _METHODS:
        return False
    expected = hmac.new(secret.encode(), body, getattr(hashlib, method)).hexdigest()
    return hmac.compare_digest(expected.encode(), stated.strip().lower().encode())
