"""The words of suppliers, so that one that is typed with a slip is found."""

from alembic import op

revision = "2026_11_30_supplier_words"
down_revision = "2026_11_30_segments"
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE supplier_word (
            word text COLLATE "C" NOT NULL,
            without text[] COLLATE "C" NOT NULL,
            CONSTRAINT pk_supplier_word PRIMARY KEY (word)
        )
    """)
    op.execute("CREATE INDEX ix_supplier_word_without ON supplier_word USING gin (without)")
    op.execute("""
        CREATE TABLE supplier_words_learned (
            id integer NOT NULL,
            changed_in bigint NOT NULL,
            supplier_id uuid NOT NULL,
            CONSTRAINT pk_supplier_words_learned PRIMARY KEY (id),
            CONSTRAINT ck_supplier_words_learned_one_row CHECK (id = 1)
        )
    """)
