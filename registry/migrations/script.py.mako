"""${message}."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from registry.migrations.statements import run_file

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_file("${up_revision}_before")
    ${upgrades if upgrades else "pass"}
    run_file("${up_revision}_after")


def downgrade() -> None:
    run_file("${up_revision}_undo_before")
    ${downgrades if downgrades else "pass"}
    run_file("${up_revision}_undo_after")
