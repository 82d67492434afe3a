"""The master key: is it there, is it private, does it open what was sealed?"""

from __future__ import annotations

from mta_core.domain.errors import CannotUnseal, InvalidValue, StorageUnavailable
from mta_entrypoints.doctor.container import DoctorContainer
from mta_entrypoints.doctor.database import Schema
from mta_entrypoints.doctor.findings import Finding, ok, wrong
from mta_entrypoints.doctor.machine import is_there

CHECK = "master key"
_PUT_BACK = (
    "Give MTA_MASTER_KEY, or put back the file master.key, as it was when the data "
    "were written."
)


def present(container: DoctorContainer, schema: Schema | None) -> Finding:
    """Look for the key without making one. *schema*: None if nobody knows it."""
    file = container.key_file()
    given = bool(container.settings().master_key)
    if not given and not is_there(file):
        if schema is None or (
            schema is not Schema.NONE and container.file().somebody()
        ):
            means = f"{file} is missing: without it nothing sealed can be opened."
            return wrong(CHECK, means, _PUT_BACK)
        return ok(CHECK, f"{file} is not there yet: it is made with the database.")
    try:
        container.master_key()
    except (InvalidValue, StorageUnavailable) as error:
        return wrong(CHECK, str(error), "Nothing can be sealed or opened without it.")
    where = "MTA_MASTER_KEY" if given else str(file)
    return ok(CHECK, f"{where} holds a master key.")


async def opens(container: DoctorContainer, found: Finding) -> Finding:
    """Try the key on a citizen, if there is one. The file has this release's schema."""
    somebody = container.file().somebody()
    if somebody is None:
        return found
    try:
        async with container.store().snapshot() as tx:
            await tx.users.get(somebody)
    except CannotUnseal as error:
        return wrong(CHECK, str(error), _PUT_BACK)
    return ok(CHECK, f"{found.means} It opens what was sealed.")
