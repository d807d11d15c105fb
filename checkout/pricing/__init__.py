"""What things cost together: lines, discounts, tax, shipping and totals. docs/pricing.md says how everything rounds."""
