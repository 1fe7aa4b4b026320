"""Crates."""

from alembic import op

from purveyor.schema import KERNEL_V1, KERNEL_V2
from purveyor_messaging.schema import MESSAGING_V1

revision = "0001"
down_revision = None


def upgrade() -> None:
    for statement in (*MESSAGING_V1, *KERNEL_V1, *KERNEL_V2):
        op.execute(statement)
    op.execute(
        """
        CREATE TABLE crate (
          id uuid CONSTRAINT pk_crate PRIMARY KEY,
          version integer NOT NULL,
          sequence integer NOT NULL,
          label varchar NOT NULL CONSTRAINT uq_crate_label UNIQUE,
          apples integer NOT NULL CONSTRAINT ck_crate_apples CHECK (apples >= 0)
        )
        """
    )
