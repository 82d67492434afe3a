"""Finding the city's services by what people type, in German or English."""

from mta_core.domain.search.finding import (
    Findings,
    Understood,
    find_services,
    one_service,
    search,
)

__all__ = ["Findings", "Understood", "find_services", "one_service", "search"]
