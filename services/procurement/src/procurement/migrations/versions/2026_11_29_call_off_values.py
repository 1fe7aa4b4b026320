"""A blanket order's line says what its call-offs cost, each rounded as an order's line is."""

from alembic import op

revision = "2026_11_29_call_off_values"
down_revision = "2026_11_29_serials_under_way"
release = "0.1.0"
phase = "before"

DECIMALS = """
CASE WHEN wanted.currency IN ('BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG', 'RWF', 'UGX',
                              'UYI', 'VND', 'VUV', 'XAF', 'XOF', 'XPF') THEN 0
     WHEN wanted.currency IN ('BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND') THEN 3
     WHEN wanted.currency IN ('CLF', 'UYW') THEN 4
     ELSE 2 END
"""
"""Of a currency's amounts, by ISO 4217."""


def upgrade() -> None:
    op.execute(
        """
        ALTER TABLE blanket_order_line
          ADD COLUMN called_off_value numeric NOT NULL DEFAULT 0,
          ADD CONSTRAINT ck_blanket_order_line_called_off_value CHECK (called_off_value >= 0) NOT VALID
        """
    )
    op.execute(
        f"""
        UPDATE blanket_order_line AS agreed SET called_off_value = called_off.value
        FROM (
          SELECT wanted.blanket_order_id, line.line_number,
                 sum(round((line.quantity - line.cancelled_quantity) * of_line.price
                           / of_line.price_base_quantity, {DECIMALS})) AS value
          FROM purchase_order AS wanted
          JOIN purchase_order_line AS line ON line.order_id = wanted.id
          JOIN blanket_order_line AS of_line
            ON of_line.blanket_order_id = wanted.blanket_order_id AND of_line.line_number = line.line_number
          GROUP BY 1, 2
        ) AS called_off
        WHERE agreed.blanket_order_id = called_off.blanket_order_id
          AND agreed.line_number = called_off.line_number
        """  # noqa: S608  # the constant above
    )
