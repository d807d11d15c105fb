"""What is said, in the shop's own terms: inbound events, outbound messages, capabilities and how messages fit them."""
