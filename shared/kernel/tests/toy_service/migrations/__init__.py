from purveyor_messaging.migrations import BRANCHES as SHARED

BRANCHES = (*SHARED, "toy_service.migrations")
