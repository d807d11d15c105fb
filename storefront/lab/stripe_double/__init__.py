"""A double of Stripe's API for the lab and the tests: its wire format, its keys, its refusals, its webhooks.

Stripe's published description judges it in the tests. It moves no money and keeps no card number.
"""

from storefront.lab.stripe_double.app import create_app
from storefront.lab.stripe_double.double import StripeDouble
from storefront.lab.stripe_double.faults import Faults

__all__ = ["Faults", "StripeDouble", "create_app"]
