from purveyor.migrations import run_from_env
from supplier_performance.database import Base
from supplier_performance.deliveries import model as deliveries
from supplier_performance.due import model as due
from supplier_performance.scorecards import model as scorecards
from supplier_performance.suppliers import model as suppliers

MODELS = (deliveries, due, scorecards, suppliers)

run_from_env(Base.metadata)
