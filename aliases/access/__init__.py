"""Who may come in, and what they may do there: roles, addresses, locks, second factors, single sign-on."""
