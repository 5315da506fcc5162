"""One address for one page; pure."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from urllib.parse import SplitResult, quote, unquote, urljoin, urlsplit, urlunsplit

import tld

_DEFAULT_PORTS = {"http": 80, "https": 443}
_AMP_PATH = re.compile(r"(?:/amp|\.amp)(?=/?$)|\.amp(?=\.html?$)", re.IGNORECASE)
_AMP_CACHE = re.compile(r"/(?:c|v|amp)/(s/)?(?P<address>[^/]+\..+)")
_SPECIAL_HOSTS = {"m", "mobile", "amp"}
# Kept as they are in a path or query: what RFC 3986 reserves, and "%" itself.
_SAFE = "/:@!$&'()*+,;=?~%[]"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tracking:
    names: frozenset[str]
    starts: tuple[str, ...]
    hosts: Mapping[str, "_Tracking"]


def canonical_url(address: str, *, stated: str | None = None) -> str:
    """Return the address that all ways to this page have in common.

    `stated` is the page's own rel=canonical; it is believed only within the same site, and not where it points
    from an article to a front page.  An address that is not http(s) is returned as it is.
    """
    page = _clean(address)
    if page is None:
        return address
    claimed = _clean(_join(address, stated.strip())) if stated else None
    return claimed if claimed and _is_believable(claimed, page) else page


def _is_believable(claimed: str, page: str) -> bool:
    one, other = urlsplit(claimed), urlsplit(page)
    is_front_page = one.path in {"", "/"} and not one.query and other.path not in {"", "/"}
    return _site(one) == _site(other) and not is_front_page


def _join(address: str, link: str) -> str:
    try:
        return urljoin(address, link)
    except ValueError:
        return ""


def _clean(address: str) -> str | None:
    """Return the address without what does not matter; None where it is no http(s) address."""
    try:
        parts = _from_amp_cache(urlsplit(address.strip()))
        if parts.scheme.lower() not in _DEFAULT_PORTS or not parts.hostname:
            return None
        host, port = _desktop_host(parts.hostname.rstrip(".")), parts.port
    except ValueError:
        return None
    scheme = parts.scheme.lower()
    netloc = f"[{host}]" if ":" in host else host
    if port not in {None, _DEFAULT_PORTS[scheme]}:
        netloc = f"{netloc}:{port}"
    path = _AMP_PATH.sub("", _normalise(parts.path)) or "/"
    return urlunsplit((scheme, netloc, path, _keep_meaning(parts.query, _registered(host)), ""))


def _from_amp_cache(parts: SplitResult) -> SplitResult:
    """Unwrap Google's copies: google.com/amp/s/…, and cdn.ampproject.org/c/s/…."""
    host = parts.hostname or ""
    is_cache = host.endswith(".cdn.ampproject.org") or (
        re.fullmatch(r"(www\.)?google(\.\w{2,3}){1,2}", host) is not None
    )
    if is_cache and (inner := _AMP_CACHE.match(parts.path)):
        return urlsplit(f"{'https' if inner[1] else 'http'}://{inner['address']}?{parts.query}")
    return parts


def _desktop_host(host: str) -> str:
    """Turn m.example.org and amp.example.org into www.example.org, en.m.example.org into en.example.org."""
    registered = _registered(host)
    labels = host.removesuffix(registered).rstrip(".").split(".") if registered else []
    if not _SPECIAL_HOSTS.intersection(labels):
        return host
    kept = [label for label in labels if label not in _SPECIAL_HOSTS]
    return ".".join([*(kept or ["www"]), registered])


def _registered(host: str) -> str:
    """Return the registered domain of a host name, "" for an IP address or a bare name."""
    return str(tld.get_fld(f"http://{host}", fail_silently=True) or "")


def _site(parts: SplitResult) -> str:
    return _registered(parts.hostname or "") or parts.netloc


def _keep_meaning(query: str, site: str) -> str:
    pairs = [pair for pair in query.split("&") if pair and not _is_tracking(pair, site)]
    return _normalise("&".join(pairs))


def _is_tracking(pair: str, site: str) -> bool:
    name = unquote(pair.partition("=")[0]).lower()
    tracking = _tracking()
    known = [tracking, *([tracking.hosts[site]] if site in tracking.hosts else [])]
    return any(name in one.names or name.startswith(one.starts) for one in known)


def _normalise(part: str) -> str:
    """Write percent escapes one way: capitals, and only where they are needed."""
    escaped = quote(part, safe=_SAFE)
    return re.sub("%[0-9a-fA-F]{2}", lambda found: _shortest(found[0]), escaped)


def _shortest(escape: str) -> str:
    character = chr(int(escape[1:], 16))
    return character if character.isascii() and (character.isalnum() or character in "-._~") else escape.upper()


@cache
def _tracking() -> _Tracking:
    table = tomllib.loads(files("tracker.read").joinpath("tracking.toml").read_text(encoding="utf-8"))
    hosts = {host: _as_tracking(names) for host, names in table["hosts"].items()}
    return _as_tracking(table["parameters"], hosts)


def _as_tracking(names: list[str], hosts: Mapping[str, _Tracking] | None = None) -> _Tracking:
    return _Tracking(
        names=frozenset(name for name in names if not name.endswith("*")),
        starts=tuple(name[:-1] for name in names if name.endswith("*")),
        hosts=hosts or {},
    )
