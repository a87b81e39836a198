"""The fixtures of the services' tests: one real server, one hash tag a test; and processes."""

from tests.processes import processes  # noqa: F401
from tests.services.conftest import (  # noqa: F401
    clock,
    keys,
    pytest_collection_modifyitems,
    redis,
    server,
    tag,
)
