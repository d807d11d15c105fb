"""E-mail: the way to the operator's mail server, the letters of the shop, and the jobs that send them."""
