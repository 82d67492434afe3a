"""Which addresses MTA takes from a citizen, and what it says of the others."""

from __future__ import annotations

import re

import pytest
from apprise import Apprise
from hypothesis import given
from hypothesis import strategies as st

from mta_adapters.apprise import check_address, name_of
from mta_adapters.apprise.addresses import REFUSED, SERVICES, open_service
from mta_core.domain.errors import InvalidValue

pytestmark = pytest.mark.integration

TAKEN = {
    "mailto://amira:geheim@mail.example.org": "mail",
    "mailtos://amira:geheim@example.org:465?mode=ssl&to=a@example.org": "mail",
    "mailto://127.0.0.1:2525?from=a@example.org&to=b@example.org": "mail",
    "ntfy://topic": "ntfy",
    "ntfys://tk_abc@ntfy.example.org/topic?priority=high&tags=calendar": "ntfy",
    "NTFYS://ntfy.example.org/topic": "ntfy",
    "gotifys://gotify.example.org/Aabcdefghijklmn": "Gotify",
    "jsons://hook.example.org:8443/path?+Authorization=Bearer%20x": "webhook",
    "form://[::1]:8080/path": "webhook",
    "xml://hook.example.org": "webhook",
    "tgram://123456789:AAbcdefghijklmnopqrstuvwxyz012345678/12345": "Telegram",
    "signal://localhost:8080/+498912345600/+498912345601": "Signal",
    "json://self-signed.example.org?verify=no": "webhook",
}

NOT_TAKEN = {
    "": "MTA sends by: Bark, Discord, ",
    "ada": "Write an Apprise URL such as ntfys://ntfy.example.org/topic",
    "amira@example.org": "mailtos://user:password@example.org?to=you@example.org",
    "mailto:amira@example.org": "mailtos://user:password@example.org",
    "https://ntfy.sh/topic": "A web address does not say what is behind it",
    "teams://x": "MTA sends by: ",
    "ntfy://": "ntfy does not say whom to send to",
    "ntfy://127.0.0.1:8080": "ntfy does not say whom to send to",
    "mailto://amira:geheim@example.org?to=nobody": "mail does not say whom to send to",
    "mailto://example.org": "not a whole address for mail",
    "json://": "not a whole address for webhook",
    "tgram://12/": "not a whole address for Telegram",
    "gotify://gotify.example.org": "not a whole address for Gotify",
    "ntfy://topic?tz=Nowhere": "not a whole address for ntfy",
    "json://hook.example.org?method=DELETE": "MTA does not take method=: MTA posts",
    "json://hook.example.org?%4Dethod=PUT": "MTA does not take method=",
    "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/?template=/etc/passwd": (
        "MTA does not take template=: it reads a file of the machine"
    ),
    "mailto://a:b@example.org?pgp=sign": "MTA does not take pgp=",
    "mailto://a:b@example.org?pgpprv=/root/key.asc": "MTA does not take pgpprv=",
    "mailto://a:b@example.org?pgppub=/root/key.asc": "MTA does not take pgppub=",
    "mailto://a:b@example.org?wkd=yes": "MTA does not take wkd=",
}

HERE = ["dbus", "kde", "qt", "glib", "gio", "gnome", "macosx", "windows"]
HERE += ["syslog", "blink1", "file"]

OTHERS = ["rsyslog", "growl", "mastodon", "reddit", "twitter", "github", "matrix"]
OTHERS += ["pagerduty", "opsgenie", "twilio", "fcm", "vapid", "apprise", "mqtt", "xmpp"]


@pytest.mark.parametrize(("url", "name"), TAKEN.items())
def test_an_address_that_is_taken_comes_back(url: str, name: str) -> None:
    assert check_address(url) == url
    assert check_address(f"  {url}\n") == url
    assert name_of(url) == name


@pytest.mark.parametrize(("url", "says"), NOT_TAKEN.items())
def test_an_address_that_is_not_taken_is_refused_with_help(url: str, says: str) -> None:
    with pytest.raises(InvalidValue, match=re.escape(says)):
        check_address(url)


@pytest.mark.parametrize("schema", HERE)
def test_what_happens_on_this_machine_is_refused(schema: str) -> None:
    with pytest.raises(InvalidValue, match="on the machine that MTA runs on"):
        check_address(f"{schema}://localhost/x")


@pytest.mark.parametrize("schema", OTHERS)
def test_other_services_of_the_library_are_refused(schema: str) -> None:
    with pytest.raises(InvalidValue, match="MTA sends by"):
        check_address(f"{schema}://user:password@example.org/x")


def test_what_is_not_taken_has_a_name_without_a_secret() -> None:
    assert name_of("geheim://x") == name_of("geheim") == name_of("") == "Apprise"


@pytest.mark.parametrize("kind", ["mailto://a:b@example.org", "json://example.org"])
def test_an_address_cannot_ask_for_more_time(kind: str) -> None:
    service = open_service(f"{kind}?cto=3600&rto=3600", timeout=10)
    assert service.request_timeout == (5, 5)


def _options() -> dict[str, set[str]]:
    """Return the options of each schema that MTA takes, as the library lists them."""
    options: dict[str, set[str]] = {}
    for service in Apprise().details()["schemas"]:
        for kind in ("protocols", "secure_protocols"):
            for schema in SERVICES.keys() & set(service[kind] or ()):
                options[schema] = set(service["details"]["args"])
    return options


def test_the_library_still_has_every_service() -> None:
    assert _options().keys() == SERVICES.keys()


def test_no_option_that_smells_of_files_came_with_a_new_release() -> None:
    smells = re.compile("file|path|template|key|cert|pgp|wkd|exec|command|method")
    found = {
        option
        for options in _options().values()
        for option in options
        if smells.search(option)
    }
    # Read and found harmless: addresses and names for others to fetch or show, and
    # keys that are in the address themselves.
    harmless = {"file_url", "filename", "key"}
    assert found == REFUSED.keys() | harmless


def said_of(url: str) -> str:
    """Return what becomes of an address."""
    try:
        return check_address(url)
    except InvalidValue as error:
        return str(error) if "hunter2" in str(error) else "refused without the secret"


@given(
    schema=st.sampled_from(["", *sorted(SERVICES), *HERE, "https", "bogus"]),
    rest=st.text(max_size=60),
    host=st.sampled_from(["", "hunter2@", "127.0.0.1/", "[", "hunter2:hunter2@[::1"]),
)
def test_whatever_is_given_is_taken_or_refused(
    schema: str, rest: str, host: str
) -> None:
    url = f"{schema}://{host}{rest}"
    assert said_of(url) in (url.strip(), "refused without the secret")
