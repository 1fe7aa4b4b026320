from purveyor.migrations import run_from_env
from toy_service.model import Base

run_from_env(Base.metadata)
