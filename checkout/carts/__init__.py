"""What a shopper means to buy: lines, versions, holds and totals. Prices always come from the catalogue."""
