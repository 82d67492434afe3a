"""Jobs for workers, carried by Dramatiq."""

from mta_adapters.queue.actors import declare_actors
from mta_adapters.queue.broker import make_stub_broker
from mta_adapters.queue.jobs import DramatiqQueue
from mta_adapters.queue.resources import ResourceFailed, ResourceMiddleware

__all__ = [
    "DramatiqQueue",
    "ResourceFailed",
    "ResourceMiddleware",
    "declare_actors",
    "make_stub_broker",
]
