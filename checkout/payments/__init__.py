"""Money in and money back: provider accounts, attempts to pay, the ledger of provider news, refunds, short links."""
