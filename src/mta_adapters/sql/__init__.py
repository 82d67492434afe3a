"""The database: an SQLite file by SQLAlchemy, its migrations, the limiter's log."""

from mta_adapters.sql.engine import make_engine
from mta_adapters.sql.inbox import InboxMessage, SqlInbox
from mta_adapters.sql.limiter import SqlLimiter
from mta_adapters.sql.migration import migrate
from mta_adapters.sql.sealing import Digest, DigestingCipher
from mta_adapters.sql.store import SqlStore

__all__ = [
    "Digest",
    "DigestingCipher",
    "InboxMessage",
    "SqlInbox",
    "SqlLimiter",
    "SqlStore",
    "make_engine",
    "migrate",
]
