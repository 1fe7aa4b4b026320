"""Runs sourcing's migrations."""

from purveyor.migrations import run_from_env
from sourcing.database import Base
from sourcing.reviews import model as reviews
from sourcing.scores import model as scores
from sourcing.suppliers import model as suppliers

MODELS = (reviews, scores, suppliers)

run_from_env(Base.metadata)
