"""The doctor's parts: those of any command, and eyes on the file and on the wire."""

from __future__ import annotations

from alembic.script import ScriptDirectory
from dependency_injector import providers

from mta_adapters.crypto.master_key import KEY_FILE
from mta_adapters.memory import NoQueue
from mta_adapters.sql.failures import storage_errors
from mta_adapters.sql.migration import migration_config
from mta_entrypoints.container import Common
from mta_entrypoints.doctor.database import DatabaseFile, Schemas
from mta_entrypoints.doctor.witness import Witness
from mta_entrypoints.settings import Settings


def _schemas() -> Schemas:
    scripts = ScriptDirectory.from_config(migration_config())
    return Schemas(
        newest=frozenset(scripts.get_heads()),
        known=frozenset(script.revision for script in scripts.walk_revisions()),
    )


class DoctorContainer(Common):
    """Everything that the doctor needs."""

    key_file = providers.Callable(
        lambda folder: folder / KEY_FILE, Common.settings.provided.data_dir
    )
    witness = providers.Singleton(Witness)
    file = providers.Singleton(
        DatabaseFile,
        Common.settings.provided.database,
        providers.Callable(_schemas),
        errors=providers.Object(storage_errors),
    )


def build(settings: Settings) -> DoctorContainer:
    """Wire the doctor's parts; nothing is opened yet."""
    container = DoctorContainer(settings=settings, queue=NoQueue())
    container.http.add_kwargs(transport=container.witness)
    return container
