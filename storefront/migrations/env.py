"""What Alembic runs a step in: the connection that `storefront.migrations` opened, one transaction for each step."""

from alembic import context

from storefront import schema

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=schema.metadata,
    transactional_ddl=True,
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
