"""Alembic runs this; the connection, and with it the transaction, is the store's."""

from alembic import context

context.configure(connection=context.config.attributes["connection"])
context.run_migrations()
