"""Lists of jobs by site or state, newest first, without sorting: indexes that end with the id"""

from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

_OLD = {"ix_jobs_site": "site", "ix_jobs_state": "state"}
_NEW = {"ix_jobs_listed_site": "site", "ix_jobs_listed_state": "state"}


def upgrade() -> None:
    for name, column in _NEW.items():
        op.create_index(name, "jobs", [column, "id"])
    for name in _OLD:
        op.drop_index(name, "jobs")


def downgrade() -> None:
    for name, column in _OLD.items():
        op.create_index(name, "jobs", [column])
    for name in _NEW:
        op.drop_index(name, "jobs")
