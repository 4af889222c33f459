"""Articles that a rule for blocks leaves out, or that keep one"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("article_repairs", sa.Column("rule", sa.JSON(), nullable=True))


def downgrade() -> None:
    op.execute("DELETE FROM article_repairs WHERE kind = 'rule'")
    op.drop_column("article_repairs", "rule")
