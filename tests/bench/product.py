"""The product under measurement, as the supervisor's web process builds it."""

from litestar import Litestar

from storefront import config, logging
from storefront.app import create_app


def app() -> Litestar:
    """The application, from the environment the benchmark sets."""
    settings = config.load()
    logging.configure(level=settings.log_level, style=settings.log_format)
    return create_app(settings)
