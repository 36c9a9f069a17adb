"""${message}

Before the code that needs it, or after the code that no longer does: say which, and why.

Revision: ${up_revision}
Follows: ${down_revision | comma,n}
"""

from alembic import op

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("")
